"""The answers of an assessment, and what follows from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from careerplan.catalogue.interests import Activity
from careerplan.catalogue.models import OccupationTask, Skill
from careerplan.skills.fit import SkillNeed
from careerplan.skills.models import Assessment, Education, InterestAnswer, Rating, TaskAnswer
from careerplan.skills.suggestions import suggest_category, suggest_learning


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of an assessment; `skills` are those that are asked, `tasks` those of the target occupation.

    `ratings` and `needs` (levels needed for the target role; empty if unknown) are by skill id, `task_answers` by
    occupation id and text of the task, `interests` by activity.
    """

    assessment: Assessment
    skills: tuple[Skill, ...]
    ratings: Mapping[int, Rating]
    education: Education | None
    needs: Mapping[int, SkillNeed] = field(default_factory=dict)
    tasks: tuple[OccupationTask, ...] = ()
    task_answers: Mapping[tuple[int, str], TaskAnswer] = field(default_factory=dict)
    interests: Mapping[str, InterestAnswer] = field(default_factory=dict)

    def task_answer(self, task: OccupationTask) -> TaskAnswer | None:
        """Return the answer about a task, if there is one."""
        return self.task_answers.get((task.occupation_id, task.text))

    def has_answered(self, tasks: Iterable[OccupationTask]) -> bool:
        """Return whether every task was asked in this assessment; any answer may be left open."""
        answers = [self.task_answer(task) for task in tasks]
        return all(answer is not None and not self.is_carried_over(answer) for answer in answers)

    def has_rated(self, skills: Iterable[Skill]) -> bool:
        """Return whether every skill has a level or "not sure" from this assessment."""
        ratings = [self.ratings.get(skill.pk) for skill in skills]
        return all(rating is not None and not self.is_carried_over(rating) for rating in ratings)

    def has_passed(self, activities: Iterable[Activity]) -> bool:
        """Return whether every activity was asked in this assessment; any answer may be left open."""
        answers = [self.interests.get(activity.key) for activity in activities]
        return all(answer is not None and not self.is_carried_over(answer) for answer in answers)

    def is_carried_over(self, answer: Rating | TaskAnswer | InterestAnswer) -> bool:
        """Return whether an answer comes from the last assessment and is not confirmed."""
        return answer.confirmed_at < self.assessment.started_at

    @property
    def levels(self) -> list[Rating]:
        """Return the ratings that have a level; a skill can be marked for learning without one."""
        return [rating for rating in self.ratings.values() if rating.level is not None]

    @property
    def unsorted(self) -> list[Rating]:
        """Return ratings with a level, without skills that were sorted last time and are not asked now."""
        return [rating for rating in self.levels if not (rating.category and self.is_carried_over(rating))]

    def suggested_category(self, rating: Rating) -> Rating.Category:
        """Return the suggested choice for a rating with a level."""
        return suggest_category(rating.level or 0, self.needs.get(rating.skill_id))

    def is_suggested_to_learn(self, rating: Rating) -> bool:
        return suggest_learning(rating.level, rating.category, self.needs.get(rating.skill_id))
