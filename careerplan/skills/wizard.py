"""The wizard as data: an ordered list of pages whose state follows from the stored answers.

Nothing here uses the database: `queries.load_wizard` loads the rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby, pairwise
from typing import TypeVar

from django.utils.translation import gettext as _

from careerplan.catalogue.interests import Activity, activities
from careerplan.catalogue.models import EducationLevel, OccupationTask, Skill, SkillKind
from careerplan.matching.questions import PAGE
from careerplan.plans.models import CareerStage, Horizon
from careerplan.skills import texts
from careerplan.skills.fit import SkillNeed
from careerplan.skills.models import Assessment, Education, Level, Liking, TaskAnswer
from careerplan.skills.pages import Answers, Page, PageKind, WizardStage
from careerplan.skills.suggestions import select_quick_skills

MOST_SKILLS = 7  # on one page (PRODUCT.md, guided assessment); as many tasks
MOST_ACTIVITIES = 12  # on one page: a line each, so that quick mode has one page
USUAL_TASKS = 11  # of a target that is not chosen yet
SECONDS_A_TASK = 6  # 8 words and a choice
Row = TypeVar("Row", Skill, OccupationTask, Activity)


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage in the list. `page_key` links to its first page, for answered stages."""

    stage: WizardStage
    is_current: bool
    is_answered: bool
    page_key: str


@dataclass(frozen=True)
class Wizard:
    """All pages of an assessment."""

    answers: Answers
    pages: tuple[Page, ...]

    def page(self, key: str) -> Page | None:
        """Return the page of this key, if there is one."""
        return next((page for page in self.pages if page.key == key), None)

    def fallback_page(self, key: str) -> Page | None:
        """Return the page that takes the answers of one that no longer exists, because fewer skills are asked."""
        if key.startswith(WizardStage.TASKS):
            return next((page for page in self.pages if page.kind is PageKind.TASKS), _tasks_page(self.answers, 1, ()))
        pages = [page for page in self.pages if page.kind is PageKind.RATINGS]
        first = key.rstrip("-0123456789")
        return next((page for page in pages if page.key == first), pages[0] if pages else None)

    def is_answered(self, page: Page) -> bool:
        return page.answered(self.answers)

    @cached_property
    def first_unanswered(self) -> Page:
        """Return the first unanswered page; the last page, "Check your answers", is never answered."""
        return next(page for page in self.pages if not self.is_answered(page))

    @property
    def is_complete(self) -> bool:
        """Return whether only the check of the answers is left."""
        return self.first_unanswered.kind is PageKind.CHECK

    def after(self, page: Page) -> Page:
        """Return the next page; of the last one, itself."""
        return self.pages[min(self._place(page) + 1, len(self.pages) - 1)]

    def before(self, page: Page) -> Page:
        """Return the previous page; of the first one, itself."""
        return self.pages[max(self._place(page) - 1, 0)]

    def _place(self, page: Page) -> int:
        """Return the place of a page; of one that is no longer asked, that of the last one of an earlier stage."""
        if page in self.pages:
            return self.pages.index(page)
        stages = list(WizardStage)
        return sum(stages.index(other.stage) < stages.index(page.stage) for other in self.pages) - 1

    @property
    def minutes_left(self) -> int:
        """Return about how many minutes the unanswered pages take, at least one."""
        left = sum(page.seconds(self.answers) for page in self.pages if not self.is_answered(page))
        return max(1, round((left + self._seconds_of_later_tasks) / 60))

    @property
    def _seconds_of_later_tasks(self) -> int:
        """Return the time for the tasks of a target that is still to be named."""
        target = self.page(WizardStage.WHERE_TO)
        is_open = (
            target is not None and not self.is_answered(target) and not self.answers.assessment.target_occupation_id
        )
        return USUAL_TASKS * SECONDS_A_TASK if is_open else 0

    @property
    def percent(self) -> int:
        """Return how much is answered, by number of questions; never 100 before it is finished."""
        answered = sum(page.questions for page in self.pages if self.is_answered(page))
        return int(100 * answered / sum(page.questions for page in self.pages))

    def place_in_stage(self, page: Page) -> tuple[int, int]:
        """Return the position of a page in its stage, and the number of pages: (2, 3)."""
        pages = [other for other in self.pages if other.stage == page.stage]
        return pages.index(page) + 1, len(pages)

    def stage_number(self, page: Page) -> int:
        """Return the number of its stage; a retake may leave out work or people skills."""
        return list(dict.fromkeys(other.stage for other in self.pages)).index(page.stage) + 1

    def stages(self, current: Page) -> list[StageRow]:
        """Return the list of stages, as seen from a page."""
        rows = []
        for stage, pages in groupby(self.pages, key=lambda page: page.stage):
            group = list(pages)
            answered = all(map(self.is_answered, group))
            rows.append(StageRow(stage, stage == current.stage, answered, group[0].key))
        return rows


def build_wizard(answers: Answers) -> Wizard:
    """Return the pages of an assessment, in order."""
    pages = (*_first_pages(answers), *_interest_pages(answers), *_skill_pages(answers), *_last_pages())
    return Wizard(answers, pages)


def asked_skills(
    assessment: Assessment,
    visible: Iterable[Skill],
    rated: Iterable[int],
    needs: Mapping[int, SkillNeed] | None = None,
) -> tuple[Skill, ...]:
    """Return the skills that are asked, in catalogue order: in quick mode a few, in full mode all.

    In quick mode the questions that the answers so far have chosen are asked, or without a ranked catalogue the most
    important skills. An own skill is asked in full mode, and in quick mode if this assessment rates it already
    (`rated`: ids). A retake may be limited to some. Skills that the user chose are always asked. Answers about skills
    that are no longer asked, because the target changed, stay.
    """
    skills = tuple(visible)
    if assessment.limited_to is not None:
        chosen = set(assessment.limited_to)
    elif assessment.mode == Assessment.Mode.QUICK and assessment.questions:
        chosen = set(assessment.questions)
    elif assessment.mode == Assessment.Mode.FULL:
        return skills
    else:
        chosen = select_quick_skills(skills, needs or {})
    chosen |= set(assessment.also_asked or ())
    known = set(rated)
    return tuple(skill for skill in skills if skill.pk in chosen or (skill.is_own and skill.pk in known))


def _first_pages(answers: Answers) -> tuple[Page, ...]:
    return _where_you_are(), _where_to(), *_tasks(answers), _education()


def _where_you_are() -> Page:
    return Page(
        WizardStage.WHERE_YOU_ARE,
        PageKind.WHERE_YOU_ARE,
        WizardStage.WHERE_YOU_ARE,
        _("Where you are"),
        _("2 questions about your work today."),
        lambda a: a.assessment.career_stage != "",
        texts=(texts.CAREER_STAGE, texts.CURRENT_ROLE, texts.CURRENT_ROLE_HELP, *CareerStage.labels),
        choices=2,
    )


def _where_to() -> Page:
    wishes = (texts.TARGET_ROLE, texts.TARGET_ROLE_HELP, texts.TARGET_UNDECIDED, texts.VISION, texts.VISION_HELP)
    return Page(
        WizardStage.WHERE_TO,
        PageKind.WHERE_TO,
        WizardStage.WHERE_TO,
        _("Where you want to be"),
        _("A rough idea is enough."),
        lambda a: a.assessment.is_target_answered,
        texts=(*wishes, texts.HORIZON, *Horizon.labels),
        choices=2,
    )


def _tasks(answers: Answers) -> list[Page]:
    """Return the pages about the tasks of the target occupation; none if it is unknown or has no tasks."""
    if answers.assessment.limited_to == []:
        return []  # only what they like is asked
    chunks = _chunks(answers.tasks, MOST_SKILLS)
    return [_tasks_page(answers, number, chunk) for number, chunk in enumerate(chunks, start=1)]


def _tasks_page(answers: Answers, number: int, tasks: tuple[OccupationTask, ...]) -> Page:
    target = answers.assessment.target_occupation
    people = target.plural if target else ""
    lead = _("This is what %(people)s do. What is new to you can become a goal.") % {"people": people}
    return Page(
        WizardStage.TASKS.value if number == 1 else f"{WizardStage.TASKS}-{number}",
        PageKind.TASKS,
        WizardStage.TASKS,
        _("Which of these have you done?"),
        lead if people else _("These are tasks of your target role. What is new to you can become a goal."),
        lambda a: a.has_answered(tasks),
        tasks=tasks,
        texts=tuple(TaskAnswer.Experience.labels),
        choices=len(tasks),
    )


def _education() -> Page:
    learned = (texts.EDUCATION_LEVEL, *EducationLevel.labels, texts.EDUCATION_FIELD, texts.CREDENTIALS)
    return Page(
        WizardStage.EDUCATION,
        PageKind.EDUCATION,
        WizardStage.EDUCATION,
        _("Education and training"),
        _("What you have learned so far."),
        _has_education,
        texts=(*learned, texts.ENOUGH, *Education.Enough.labels),
        choices=2,
    )


def _interest_pages(answers: Answers) -> list[Page]:
    """Return pages of at most 12 activities; quick mode asks about two of each interest. Before the skills, because
    they help to choose the questions.
    """
    if not answers.assessment.asks_interests:
        return []
    asked = list(activities(quick=answers.assessment.mode == Assessment.Mode.QUICK).values())
    return [_interest_page(number, chunk) for number, chunk in enumerate(_chunks(asked, MOST_ACTIVITIES), start=1)]


def _interest_page(number: int, chunk: tuple[Activity, ...]) -> Page:
    key = WizardStage.INTERESTS.value
    return Page(
        key if number == 1 else f"{key}-{number}",
        PageKind.INTERESTS,
        WizardStage.INTERESTS,
        _("What you like"),
        _("Would you like to do this, even if you cannot yet? Skip any you are unsure of."),
        lambda a: a.has_passed(chunk),
        activities=chunk,
        texts=(*(activity.text for activity in chunk), *Liking.labels),
        choices=len(chunk),
    )


def _has_education(answers: Answers) -> bool:
    """Return whether the level is known, and whether it is enough for the target, if there is one."""
    education = answers.education
    return education is not None and bool(education.level and (education.enough or answers.assessment.target_undecided))


def _skill_pages(answers: Answers) -> list[Page]:
    """Return pages of at most 7 skills: full mode by group, quick mode by stage; own skills last."""
    by_group = answers.assessment.mode == Assessment.Mode.FULL
    own = [skill for skill in answers.skills if skill.is_own]
    chosen = answers.assessment.questions or [] if answers.assessment.limited_to is None else []
    catalogue = [skill for skill in answers.skills if not skill.is_own and skill.pk not in set(chosen)]
    stages = (
        (WizardStage.WORK_SKILLS, SkillKind.WORK),
        (WizardStage.PEOPLE_SKILLS, SkillKind.PEOPLE),
        (WizardStage.KNOWLEDGE, SkillKind.KNOWLEDGE),
    )
    pages = _question_pages(answers, chosen)
    for stage, kind in stages:
        skills = [skill for skill in catalogue if skill.kind == kind]
        if by_group:
            for group, members in groupby(skills, key=lambda skill: skill.group):
                if group is not None:
                    title = _("%(stage)s: %(group)s") % {"stage": stage.label, "group": group.name}
                    pages += _pages_of(stage, f"{group.kind}-{group.key}", title, list(members))
        else:
            pages += _pages_of(stage, stage.value, str(stage.label), skills)
        if stage is WizardStage.WORK_SKILLS:
            pages += _pages_of(stage, "own-skills", _("Skills you added"), own)
    return pages


def _question_pages(answers: Answers, chosen: Sequence[int]) -> list[Page]:
    """Return the pages of the questions chosen so far, and those that will be chosen by their answers, still empty."""
    skills = {skill.pk: skill for skill in answers.skills}
    pages = []
    for number in range(answers.assessment.question_pages if answers.assessment.limited_to is None else 0):
        here = tuple(skills[pk] for pk in chosen[number * PAGE : (number + 1) * PAGE] if pk in skills)
        pages.append(_ratings_page(WizardStage.ABILITIES, "what-you-can-do", number + 1, here))
    return pages


def _pages_of(stage: WizardStage, key: str, title: str, skills: list[Skill]) -> list[Page]:
    """Return one page, or several of similar length for more than seven skills."""
    chunks = _chunks(skills, MOST_SKILLS)
    return [_ratings_page(stage, key, number, chunk, title) for number, chunk in enumerate(chunks, start=1)]


def _chunks(rows: Sequence[Row], most: int) -> list[tuple[Row, ...]]:
    """Return rows for as few pages as `most` on each allows, all of similar length."""
    pages = -(-len(rows) // most)
    ends = [len(rows) * number // pages for number in range(pages + 1)] if pages else []
    return [tuple(rows[start:end]) for start, end in pairwise(ends)]


def _ratings_page(stage: WizardStage, key: str, number: int, skills: tuple[Skill, ...], title: str = "") -> Page:
    return Page(
        key if number == 1 else f"{key}-{number}",
        PageKind.RATINGS,
        stage,
        title or str(stage.label),
        _("How well can you do these today?"),
        partial(_has_rated, skills),
        skills=skills,
        texts=(*(f"{level.value} {level.label}" for level in Level), texts.NOT_SURE),
        choices=0 if skills else PAGE,
    )


def _has_rated(skills: tuple[Skill, ...], answers: Answers) -> bool:
    return bool(skills) and answers.has_rated(skills)


def _has_all_questions(answers: Answers) -> bool:
    """Return whether all questions are chosen and rated."""
    asked = answers.assessment
    pending = asked.limited_to is None and len(asked.questions or ()) <= PAGE * (asked.question_pages - 1)
    return not pending and answers.has_rated(answers.skills)


def _is_sorted(answers: Answers) -> bool:
    return _has_all_questions(answers) and all(rating.category for rating in answers.levels)


def _is_chosen(answers: Answers) -> bool:
    chosen = all(rating.wants_to_learn is not None for rating in answers.ratings.values())
    return _has_all_questions(answers) and chosen


def _last_pages() -> tuple[Page, ...]:
    return (
        Page(
            WizardStage.STRENGTHS,
            PageKind.STRENGTHS,
            WizardStage.STRENGTHS,
            _("Strengths and weaknesses"),
            _("We sorted your skills by your answers. Change what does not fit."),
            _is_sorted,
        ),
        Page(
            WizardStage.LEARN,
            PageKind.LEARN,
            WizardStage.LEARN,
            _("Skills to learn"),
            _("Tick the skills you want to improve."),
            _is_chosen,
            texts=(texts.OWN_SKILL, texts.OWN_LEVEL),
        ),
        Page(
            WizardStage.CHECK,
            PageKind.CHECK,
            WizardStage.CHECK,
            _("Check your answers"),
            _("Finish to see your results."),
            lambda a: a.assessment.is_finished,
        ),
    )
