"""Goals suggested for the career stage instead of for a gap: teach a skill, hand it over, refresh it, or show it."""

from django.utils.translation import gettext as _

from careerplan.catalogue.first_steps import first_steps
from careerplan.catalogue.models import Skill, SkillKind
from careerplan.goals.models import Resource
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.goals.step_ideas import StepIdea, StepIdeaKind, step_ideas, step_ideas_of_own_skill
from careerplan.goals.suggestions import GapKind, GoalIdea, skill_key, teaching_steps
from careerplan.skills.models import Level
from careerplan.skills.purposes import GoalPurpose
from careerplan.skills.texts import in_sentence

HOURS = {GoalPurpose.TEACH: 20, GoalPurpose.HAND_OVER: 12, GoalPurpose.REFRESH: 24, GoalPurpose.PROVE: 6}
"""In total: ten hours to train a person, as in first_steps.toml; the others by the same measure."""
PEOPLE_TO_TEACH = 2
MONTHS_TO_HAND_OVER = 3  # somebody else has to agree, and to learn it


def idea_for_purpose(skill: Skill, purpose: GoalPurpose) -> GoalIdea:
    """Suggest a goal for a skill by purpose and kind of skill."""
    name = {"skill": in_sentence(skill.name)}
    return GoalIdea(
        key=skill_key(skill.pk),
        kind=GapKind.STRENGTH if purpose in {GoalPurpose.TEACH, GoalPurpose.PROVE} else GapKind(skill.kind),
        title=(_title(SkillKind(skill.kind), purpose) % name)[:TITLE_LENGTH],
        hours=HOURS[purpose],
        unit=_("people taught") if purpose is GoalPurpose.TEACH else "",
        target=PEOPLE_TO_TEACH if purpose is GoalPurpose.TEACH else None,
        done_when="" if purpose is GoalPurpose.TEACH else _done_when(SkillKind(skill.kind), purpose),
        steps=_steps(skill, purpose),
        skill=skill,
        least_months=MONTHS_TO_HAND_OVER if purpose is GoalPurpose.HAND_OVER else 0,
    )


def _title(kind: SkillKind, purpose: GoalPurpose) -> str:
    if purpose is GoalPurpose.REFRESH:
        return _("Bring %(skill)s up to date")
    if purpose is GoalPurpose.PROVE:
        return _("Have an example of %(skill)s ready")
    is_knowledge = kind is SkillKind.KNOWLEDGE
    if purpose is GoalPurpose.HAND_OVER:
        return (
            _("Have someone else answer questions about %(skill)s")
            if is_knowledge
            else _("Hand over %(skill)s to someone else")
        )
    if is_knowledge:
        return _("Pass on what I know about %(skill)s")
    return _("Coach 2 people in %(skill)s") if kind is SkillKind.PEOPLE else _("Show 2 people %(skill)s")


def _done_when(kind: SkillKind, purpose: GoalPurpose) -> str:
    if purpose is GoalPurpose.REFRESH:
        return _("I have used it on a real task, and someone who works with it has checked the result")
    if purpose is GoalPurpose.PROVE:
        return _("I have an example that I can show, or tell in 2 minutes")
    if kind is SkillKind.KNOWLEDGE:
        return _("People go to someone else with these questions")
    return _("Someone else does this part of my work without asking me")


def _steps(skill: Skill, purpose: GoalPurpose) -> tuple[StepIdea, ...]:
    """Return first steps: what is shipped for the skill where the purpose is to learn or show it, else our own."""
    if purpose in {GoalPurpose.REFRESH, GoalPurpose.PROVE}:
        first = StepIdeaKind.LEARN if purpose is GoalPurpose.REFRESH else StepIdeaKind.EVIDENCE
        texts = None if skill.is_own else first_steps().get(skill.key)
        return step_ideas(texts, first) if texts else step_ideas_of_own_skill(skill, Level.BASIC)
    name = {"skill": in_sentence(skill.name)}
    if purpose is GoalPurpose.HAND_OVER:
        title = _("Agree with the people I work for who takes over %(skill)s, and from when")
    else:
        title = {
            SkillKind.WORK: _("Choose a real job in %(skill)s and let someone else do it while I watch"),
            SkillKind.PEOPLE: _("Let someone sit in when I need %(skill)s, and talk about it afterwards"),
            SkillKind.KNOWLEDGE: _("List 10 things about %(skill)s that a newcomer has to know"),
        }[SkillKind(skill.kind)]
    someone = _("Someone who wants to learn it")
    own = StepIdea(StepIdeaKind.PERSON, (title % name)[:TITLE_LENGTH], Resource.Kind.PERSON, someone)
    return (own, *step_ideas(teaching_steps(skill), StepIdeaKind.PRACTICE, place=skill.position))
