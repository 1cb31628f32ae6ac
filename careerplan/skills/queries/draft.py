"""Query of the unfinished assessment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from careerplan.catalogue.models import Occupation, OccupationTask, Skill
from careerplan.matching.questions import PAGE
from careerplan.plans.models import Plan
from careerplan.skills.models import CONFIRMED_FOR, Assessment, Education, Rating
from careerplan.skills.queries.comparison import load_needs
from careerplan.skills.queries.occupation_table import ranked_occupations
from careerplan.skills.queries.questions import PAGES_WITHOUT
from careerplan.skills.wizard.answers import Answers
from careerplan.skills.wizard.pages import Page, PageKind
from careerplan.skills.wizard.skill_pages import asked_skills
from careerplan.skills.wizard.task_pages import asked_tasks
from careerplan.skills.wizard.wizard import Wizard, build_wizard

RETAKE = "again"
DIRECTION = ("career_stage", "current_role", "target_role", "target_occupation", "vision", "horizon", "horizon_on")
EDUCATION = ("level", "field", "credentials", "enough", "missing")


@dataclass(frozen=True, slots=True)
class DraftProgress:
    """Where the user stopped: the name of the stage and about how many minutes are left."""

    stage: str
    minutes_left: int
    mode: str
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class AssessmentOption:
    """A way of taking the assessment, with its minutes and its number of skills.

    `key`: a mode, or "again" for rating again only what may have changed. `is_chosen`: the answers choose the
    questions, so that `skills` is the most there may be.
    """

    key: str
    minutes: int
    skills: int
    is_chosen: bool = False


def latest_assessment(user: User) -> Assessment | None:
    """Return the newest finished assessment, which holds the user's current skills, with its education. One query."""
    return Assessment.objects.for_user(user).finished().select_related("target_occupation", "education").first()


def get_draft(user: User) -> Assessment | None:
    """Return the unfinished assessment. One query."""
    drafts = Assessment.objects.for_user(user).drafts()
    return drafts.select_related("current_occupation", "target_occupation", "user").first()


def load_wizard(assessment: Assessment, *, is_whole: bool = False) -> Wizard:
    """Load the wizard of an assessment. Four queries (skills, ratings, interests, education), with a target occupation
    three more for its needs and tasks and the answers about them.

    `is_whole`: education was loaded with it, which saves a query.
    """
    ratings = {rating.skill_id: rating for rating in assessment.ratings.select_related("skill")}
    visible = Skill.objects.visible_to(assessment.user).in_use().in_order()
    target_id = assessment.target_occupation_id
    needs = load_needs([target_id])[target_id] if target_id else {}
    own_rated = [] if assessment.limited_to is not None else ratings
    skills = asked_skills(assessment, visible, own_rated, needs)
    education: Education | None = (
        getattr(assessment, "education", None) if is_whole else Education.objects.filter(assessment=assessment).first()
    )
    tasks = asked_tasks(assessment, OccupationTask.objects.filter(occupation=target_id)) if target_id else ()
    answers = assessment.task_answers.all() if target_id else ()
    by_text = {(answer.occupation_id, answer.text): answer for answer in answers}
    liked = {answer.activity: answer for answer in assessment.interest_answers.all()}
    return build_wizard(Answers(assessment, skills, ratings, education, needs, tasks, by_text, liked))


def tasks_by_id(ids: Iterable[int]) -> tuple[OccupationTask, ...]:
    """Return tasks of any occupation. One query."""
    return tuple(OccupationTask.objects.filter(pk__in=list(ids)))


def visible_skills(user: User, ids: Iterable[int]) -> tuple[Skill, ...]:
    """Return skills that the user may rate, in catalogue order. One query."""
    return tuple(Skill.objects.visible_to(user).in_use().in_order().filter(pk__in=list(ids)))


def draft_progress(user: User) -> DraftProgress | None:
    """Return where the user stopped, if they did. One query; five with a draft, eight with an occupation."""
    drafts = Assessment.objects.for_user(user).drafts()
    if not drafts.exists():  # as for most, and much cheaper to ask
        return None
    draft = drafts.select_related("target_occupation", "user", "education").first()
    if draft is None:
        return None
    wizard = load_wizard(draft, is_whole=True)
    stage = wizard.first_unanswered.stage
    return DraftProgress(str(stage.label), wizard.minutes_left, draft.mode, draft.saved_at)


def assessment_options(user: User, now: datetime, due: set[int] | None = None) -> list[AssessmentOption]:
    """Return quick and full mode, and "again" if skills are `due` (ids), each with its time from the start. Two
    queries.
    """
    visible = list(Skill.objects.visible_to(user).in_use().in_order())
    ways = [(mode.value, Assessment(user=user, mode=mode, started_at=now)) for mode in Assessment.Mode]
    catalogue = ranked_occupations()
    if due:
        again = Assessment(user=user, mode=Assessment.Mode.QUICK, started_at=now, limited_to=sorted(due))
        ways.insert(0, (RETAKE, again))
    found = []
    for key, blank in ways:
        is_chosen = catalogue is not None and blank.limited_to is None and blank.mode == Assessment.Mode.QUICK
        if is_chosen:
            blank.questions, blank.question_pages = [], PAGES_WITHOUT
        skills = () if is_chosen else asked_skills(blank, visible, [])
        wizard = build_wizard(Answers(blank, skills, {}, None))
        count = PAGES_WITHOUT * PAGE if is_chosen else len(skills)
        found.append(AssessmentOption(key, wizard.minutes_left, count, is_chosen))
    return found


def has_kept_own_words(user: User, field: str, words: str) -> bool:
    """Return whether the user was asked about these words in `field` (current_role or target_role) before, and chose no
    occupation. One query.
    """
    unlisted = {"current_role": "current_unlisted", "target_role": "target_unlisted"}[field]
    return Assessment.objects.for_user(user).filter(**{field: words, unlisted: True}).exists()


def skills_to_retake(user: User, now: datetime, also: Iterable[int] = ()) -> set[int]:
    """Return skills (ids) worth rating again: not confirmed for a year, or marked to learn; and those in `also`.

    Skills in `also` need no rating, but must be visible to the user. Empty without a finished assessment. One to three
    queries.
    """
    last = latest_assessment(user)
    if last is None:
        return set()
    wanted = list(also)
    is_due = Q(confirmed_at__lt=now - CONFIRMED_FOR) | Q(wants_to_learn=True)
    due = set(last.ratings.filter(is_due, skill__archived_at__isnull=True).values_list("skill_id", flat=True))
    if wanted:
        due.update(Skill.objects.visible_to(user).in_use().filter(pk__in=wanted).values_list("pk", flat=True))
    return due


def earlier_answers(wizard: Wizard, page: Page) -> dict[str, object]:
    """Return earlier answers for pages without an answer.

    Direction from the plan; education, strengths and skills to learn from the newest assessment, and whether the target
    was unknown. At most two queries.
    """
    user = wizard.answers.assessment.user
    if wizard.is_answered(page):
        return {}
    if page.kind in {PageKind.WHERE_YOU_ARE, PageKind.WHERE_TO}:
        plan = Plan.objects.for_user(user).active().select_related("target_occupation").first()
        said: dict[str, object] = {field: getattr(plan, field) for field in DIRECTION} if plan else {}
        if page.kind is PageKind.WHERE_YOU_ARE and said.get("current_role"):
            said["current_occupation"] = _occupation_of_role(user, str(said["current_role"]))
        if page.kind is PageKind.WHERE_TO and not (said.get("target_role") or said.get("target_occupation")):
            last_time = latest_assessment(user)
            said["target_undecided"] = last_time is not None and last_time.target_undecided
        return said
    if page.kind is PageKind.EDUCATION:
        finished = Education.objects.filter(assessment__user=user, assessment__finished_at__isnull=False)
        last = finished.order_by("-assessment__finished_at").values(*EDUCATION).first()
        return {**last} if last else {}
    if page.kind in {PageKind.STRENGTHS, PageKind.LEARN}:
        return _previous_choices(wizard.answers)
    return {}


def _occupation_of_role(user: User, role: str) -> Occupation | None:
    """Return the occupation that the user chose for this current role last time. One query."""
    same = Assessment.objects.for_user(user).finished().filter(current_role=role, current_occupation__isnull=False)
    last = same.select_related("current_occupation").first()
    return last.current_occupation if last else None


def _previous_choices(answers: Answers) -> dict[str, object]:
    """Return strengths, weaknesses and skills to learn of the newest assessment, by field, for skills with the same
    level.
    """
    before = answers.assessment
    finished = Assessment.objects.for_user(before.user).finished().values("pk")[:1]
    choices: dict[str, object] = {}
    for last in Rating.objects.filter(assessment__in=finished):
        rating = answers.ratings.get(last.skill_id)
        if rating is not None and rating.level == last.level:
            choices[f"category-{last.skill_id}"] = last.category
            choices[f"learn-{last.skill_id}"] = last.wants_to_learn
    return choices
