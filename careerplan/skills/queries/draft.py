"""The assessment that is under way."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.plans.models import Plan
from careerplan.skills.models import Assessment, Education
from careerplan.skills.pages import Answers, Kind, Page
from careerplan.skills.wizard import Wizard, asked_skills, build_wizard

DIRECTION = ("career_stage", "current_role", "target_role", "target_occupation", "vision", "horizon", "horizon_on")
EDUCATION = ("level", "field", "credentials", "enough", "missing")


@dataclass(frozen=True, slots=True)
class DraftState:
    """Where somebody stopped: the stage's name and about how many minutes are left."""

    stage: str
    minutes_left: int
    mode: str
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Offer:
    """One way of taking the assessment, with its honest minutes and the number of skills it asks about."""

    mode: Assessment.Mode
    minutes: int
    skills: int


def newest_inventory(user: User) -> Assessment | None:
    """The newest finished assessment, which is the person's skills inventory. One query."""
    return Assessment.objects.for_user(user).finished().select_related("target_occupation").first()


def draft_of(user: User) -> Assessment | None:
    """The one assessment that is not finished. One query."""
    return Assessment.objects.for_user(user).drafts().select_related("target_occupation", "user").first()


def load_wizard(assessment: Assessment) -> Wizard:
    """The wizard of one assessment. Three queries: skills, ratings, education."""
    ratings = {rating.skill_id: rating for rating in assessment.ratings.select_related("skill")}
    visible = Skill.objects.visible_to(assessment.user).in_order()
    skills = asked_skills(assessment, visible, ratings)
    education = Education.objects.filter(assessment=assessment).first()
    return build_wizard(Answers(assessment, skills, ratings, education))


def draft_for(user: User) -> DraftState | None:
    """Where somebody stopped, if they did. Four queries, or one."""
    draft = draft_of(user)
    if draft is None:
        return None
    wizard = load_wizard(draft)
    stage = wizard.first_unanswered.stage
    return DraftState(str(stage.label), wizard.minutes_left, draft.mode, draft.saved_at)


def offers(user: User, now: datetime) -> list[Offer]:
    """Quick and full, with what each takes from the start. One query."""
    visible = list(Skill.objects.visible_to(user).in_order())
    found = []
    for mode in Assessment.Mode:
        blank = Assessment(user=user, mode=mode, started_at=now)
        skills = asked_skills(blank, visible, [])
        wizard = build_wizard(Answers(blank, skills, {}, None))
        found.append(Offer(mode, wizard.minutes_left, len(skills)))
    return found


def earlier_answers(wizard: Wizard, page: Page) -> dict[str, object]:
    """What the person said before, to begin a page with that has no answer yet.

    Where they are and want to be from their plan, education from their newest inventory. At most one query.
    """
    user = wizard.answers.assessment.user
    if wizard.is_answered(page):
        return {}
    if page.kind in {Kind.WHERE_YOU_ARE, Kind.WHERE_TO}:
        plan = Plan.objects.for_user(user).active().select_related("target_occupation").first()
        return {field: getattr(plan, field) for field in DIRECTION} if plan else {}
    if page.kind is Kind.EDUCATION:
        finished = Education.objects.filter(assessment__user=user, assessment__finished_at__isnull=False)
        last = finished.order_by("-assessment__finished_at").values(*EDUCATION).first()
        return {**last} if last else {}
    return {}
