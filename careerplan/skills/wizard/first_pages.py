"""Pages about the direction, education and interests."""

from django.utils.translation import gettext as _

from careerplan.catalogue.interests import Activity, activities
from careerplan.catalogue.models import EducationLevel
from careerplan.plans.models import CareerStage, Horizon
from careerplan.skills import texts
from careerplan.skills.models import Education, Liking
from careerplan.skills.wizard.answers import Answers
from careerplan.skills.wizard.pages import Page, PageKind, WizardStage, split_evenly
from careerplan.skills.wizard.task_pages import tasks_pages

MOST_ACTIVITIES = 12  # on one page: a line each, so that quick mode has one page


def first_pages(answers: Answers) -> tuple[Page, ...]:
    where_to = _where_to(is_quick=answers.assessment.is_quick)
    return _where_you_are(), where_to, *tasks_pages(answers), _education()


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


def _where_to(*, is_quick: bool) -> Page:
    role = (texts.TARGET_ROLE, texts.TARGET_ROLE_HELP, texts.TARGET_UNDECIDED)
    folded, wishes = (texts.MORE_ABOUT_TARGET,), (texts.VISION, texts.VISION_HELP, texts.HORIZON, *Horizon.labels)
    return Page(
        WizardStage.WHERE_TO,
        PageKind.WHERE_TO,
        WizardStage.WHERE_TO,
        _("Where you want to be"),
        _("A rough idea is enough."),
        lambda a: a.assessment.is_target_answered,
        texts=(*role, *(folded if is_quick else wishes)),
        choices=1 if is_quick else 2,
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


def interest_pages(answers: Answers) -> list[Page]:
    """Return pages of at most 12 activities; quick mode asks about two of each interest. Before the skills, because
    they help to choose the questions.
    """
    if not answers.assessment.asks_interests:
        return []
    asked = list(activities(quick=answers.assessment.is_quick).values())
    return [interest_page(number, chunk) for number, chunk in enumerate(split_evenly(asked, MOST_ACTIVITIES), start=1)]


def interest_page(number: int, chunk: tuple[Activity, ...]) -> Page:
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
