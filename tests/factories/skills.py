"""Skills and assessments as tests need them.

Everything goes through the services, as the pages do, but for the first full assessment of somebody, with which
hundreds of tests begin: its rows are written (assessments.py), and tests/skills/test_services.py sees that they are the
same.
"""

from datetime import UTC, datetime, timedelta

from accounts.models import User
from careerplan.catalogue.interests import activities, interests
from careerplan.catalogue.models import Occupation, OccupationNeed, Skill, SkillGroup
from careerplan.matching.levels import figure_of
from careerplan.skills.models import Assessment, TaskAnswer
from careerplan.skills.queries.draft import load_wizard
from careerplan.skills.services.answers import TaskChange, save_interests, save_ratings, save_task_answers
from careerplan.skills.services.direction import save_direction, save_education
from careerplan.skills.services.drafts import start_assessment
from careerplan.skills.services.finish import finish_assessment
from careerplan.skills.services.sorting import CategoryChange, choose_skills_to_learn, save_categories
from tests.factories.assessments import EXAMPLE, Said, finish, is_first, skills_of, write_draft

NOW = datetime(2026, 2, 20, 10, 12, tzinfo=UTC)
GROUPS = {"thinking": "work", "money": "work", "talking": "people"}
DIRECTION = {
    "career_stage": "promotion",
    "current_role": "Senior staff nurse",
    "target_role": "Ward manager",
    "target_unlisted": True,
    "vision": "I run a ward where nurses want to stay.",
    "horizon": "retirement",
}
EDUCATION = {"level": "bachelor", "field": "nursing", "enough": "yes"}


def make_catalogue(*, each: int = 2) -> list[Skill]:
    """Three groups (two of work, one of people) with `each` skills; the first of each group is a core skill.

    What is there already stays. In four statements: one by one they were forty, in every test with an assessment.
    """
    known = set(SkillGroup.objects.values_list("key", flat=True))
    SkillGroup.objects.bulk_create(
        SkillGroup(key=f"t-{key}", name=f"{key.title()} well", kind=kind, position=place)
        for place, (key, kind) in enumerate(GROUPS.items())
        if f"t-{key}" not in known
    )
    groups = SkillGroup.objects.in_bulk([f"t-{key}" for key in GROUPS], field_name="key")
    wanted = [
        Skill(
            key=f"t-{key}-{number}",
            name=f"{key.title()} skill {number}",
            group=groups[f"t-{key}"],
            kind=kind,
            meaning="Something people do.",
            is_core=number == 0,
            position=number,
        )
        for key, kind in GROUPS.items()
        for number in range(each)
    ]
    there = {skill.key: skill for skill in Skill.objects.catalogue().filter(key__in=[skill.key for skill in wanted])}
    new = Skill.objects.bulk_create(skill for skill in wanted if skill.key not in there)
    there |= {skill.key: skill for skill in new}
    return [there[skill.key] for skill in wanted]


def make_draft(
    user: User, *, mode: Assessment.Mode = Assessment.Mode.FULL, now: datetime = NOW, catalogue: bool = True
) -> Assessment:
    """A draft without answers; with `catalogue` there are skills to ask about."""
    if catalogue and not Skill.objects.catalogue().exists():
        make_catalogue()
    return start_assessment(user=user, mode=mode, now=now)


def answer_direction(draft: Assessment, *, now: datetime = NOW) -> None:
    """The first three stages, and what they like, without an answer."""
    save_direction(assessment=draft, changes=DIRECTION, now=now)
    save_education(assessment=draft, changes=EDUCATION, now=now)
    answer_interests(draft, now=now)


def answer_interests(draft: Assessment, liking: int | None = None, *, now: datetime = NOW, **likings: int) -> None:
    """Every activity that is asked: all alike, or those of an interest by its key ("social=5")."""
    if draft.asks_interests:
        said = likings_of(liking, quick=draft.mode == Assessment.Mode.QUICK, **likings)
        save_interests(assessment=draft, likings=said, now=now)


def likings_of(liking: int | None, *, quick: bool = False, **likings: int) -> dict[str, int | None]:
    """What is said about each activity, as in `answer_interests`."""
    keys = [one.key for one in interests()]
    return {one.key: likings.get(keys[one.interest], liking) for one in activities(quick=quick).values()}


def answer_ratings(draft: Assessment, *, level: int | None = None, now: datetime = NOW) -> None:
    """Every skill that is asked: 0, 1, 2, ... in turn, or all at one `level`."""
    skills = load_wizard(draft).answers.skills
    levels = {skill.pk: place % 6 if level is None else level for place, skill in enumerate(skills)}
    save_ratings(assessment=draft, levels=levels, now=now)


def answer_tasks(draft: Assessment, *, now: datetime = NOW) -> None:
    """Every task of the target: never, with help, alone, taught others, in turn."""
    tasks = load_wizard(Assessment.objects.get(pk=draft.pk)).answers.tasks
    changes = {task: TaskChange(TaskAnswer.Experience.values[place % 4]) for place, task in enumerate(tasks)}
    save_task_answers(assessment=draft, changes=changes, now=now)


def answer_judgement(draft: Assessment, *, now: datetime = NOW) -> None:
    """Strengths from 4 up with a line of proof, weaknesses to 1; weaknesses are to be learned."""
    ratings = [rating for rating in draft.ratings.all() if rating.level is not None]
    save_categories(
        assessment=draft,
        changes={
            rating.skill_id: CategoryChange("strength", EXAMPLE)
            if rating.level >= 4
            else CategoryChange("weakness" if rating.level <= 1 else "neither", "")
            for rating in ratings
        },
        now=now,
    )
    low = {rating.skill_id for rating in ratings if rating.level <= 1}
    choose_skills_to_learn(assessment=draft, wanted=low, now=now)


def make_answered_draft(
    user: User,
    *,
    level: int | None = None,
    mode: Assessment.Mode = Assessment.Mode.FULL,
    now: datetime = NOW,
    catalogue: bool = True,
) -> Assessment:
    """A draft in which only the check of the answers is left."""
    if catalogue and not Skill.objects.catalogue().exists():
        make_catalogue()
    if mode != Assessment.Mode.FULL or not is_first(user):
        return answered_by_services(user, level=level, mode=mode, now=now)
    levels = {skill: place % 6 if level is None else level for place, skill in enumerate(skills_of(user))}
    return write_draft(user, Said(6, DIRECTION, EDUCATION, levels), now=now)


def answered_by_services(
    user: User, *, level: int | None = None, mode: Assessment.Mode = Assessment.Mode.FULL, now: datetime = NOW
) -> Assessment:
    """The same, page by page."""
    draft = start_assessment(user=user, mode=mode, now=now)
    answer_direction(draft, now=now)
    answer_ratings(draft, level=level, now=now)
    answer_judgement(draft, now=now)
    return draft


def make_finished_assessment(user: User, *, now: datetime = NOW, **kwargs) -> Assessment:
    """A finished assessment with a target, six rated skills, strengths and weaknesses."""
    draft, later = make_answered_draft(user, now=now, **kwargs), now + timedelta(minutes=10)
    return finish(draft, now=later, today=later.date())


def make_occupation(
    *, code: str = "11-9111.00", title: str = "Ward manager", needs: dict[int, tuple] | None = None, **changes
) -> Occupation:
    """An occupation with `needs` by skill id: level, importance and, if given, whether it is of low precision."""
    known = {"is_rated": bool(needs), "source": "onet-29.3" if needs else "", "is_starter": True, **changes}
    occupation = Occupation.objects.create(code=code, title=title, **known)
    add_needs(occupation, needs or {})
    return occupation


def add_needs(occupation: Occupation, needs: dict[int, tuple]) -> None:
    """Needs by skill id, as in `make_occupation`; the figure of each is in the middle of its level."""
    kinds = {skill.pk: skill.item_kind for skill in Skill.objects.filter(pk__in=needs)}
    for skill_id, (level, importance, *rough) in needs.items():
        OccupationNeed.objects.create(
            occupation=occupation,
            skill_id=skill_id,
            level=level,
            figure=round(figure_of(level, kinds[skill_id]), 2),
            importance=importance,
            low_precision=bool(rough),
        )


def make_results(
    user: User,
    *,
    levels: dict[int, int | None],
    likes: dict[str, int] | None = None,
    now: datetime = NOW,
    **direction,
) -> Assessment:
    """A finished assessment with these levels by skill id; skills that are left out are "not sure". `likes`: likings by
    interest, the others are disliked; nothing is said without it.
    """
    if not Skill.objects.catalogue().exists():
        make_catalogue()
    if not is_first(user):
        return results_by_services(user, levels=levels, likes=likes, now=now, **direction)
    rated = dict.fromkeys(skills_of(user)) | levels
    said = likings_of(2, **likes) if likes else {}
    draft = write_draft(
        user, Said(9 if likes else 8, DIRECTION | direction, EDUCATION, rated, said, tasks=True), now=now
    )
    return finish(draft, now=now, today=now.date())


def results_by_services(
    user: User, *, levels: dict[int, int | None], likes: dict[str, int] | None, now: datetime = NOW, **direction
) -> Assessment:
    """The same, page by page."""
    draft = make_draft(user, now=now)
    answer_direction(draft, now=now)
    save_direction(assessment=draft, changes=direction, now=now)
    answer_tasks(draft, now=now)
    if likes:
        answer_interests(draft, 2, now=now, **likes)
    asked = {skill.pk: None for skill in load_wizard(draft).answers.skills}
    save_ratings(assessment=draft, levels=asked | levels, now=now)
    answer_judgement(draft, now=now)
    return finish_assessment(assessment=draft, now=now, today=now.date())
