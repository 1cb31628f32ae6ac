"""Pages that sort what was answered, and the check of the answers."""

from django.utils.translation import gettext as _

from careerplan.matching.questions import PAGE
from careerplan.skills.wizard.answers import Answers
from careerplan.skills.wizard.pages import Page, PageKind, WizardStage


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


def last_pages() -> tuple[Page, ...]:
    return (
        Page(
            WizardStage.STRENGTHS,
            PageKind.STRENGTHS,
            WizardStage.STRENGTHS,
            _("Strengths and weaknesses"),
            _("Optional. Mark what you call a strength or a weakness, or continue."),
            _is_sorted,
        ),
        Page(
            WizardStage.LEARN,
            PageKind.LEARN,
            WizardStage.LEARN,
            _("Skills to learn"),
            _("Optional. Tick the skills you want to improve, or continue."),
            _is_chosen,
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
