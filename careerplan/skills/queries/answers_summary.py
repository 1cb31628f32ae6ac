"""The answers of an assessment on one page, for checking before finishing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.sentences import join_list
from careerplan.plans.models import Horizon
from careerplan.skills.models import Assessment, Education, Rating, TaskAnswer
from careerplan.skills.queries.skill_gap import answered_target
from careerplan.skills.texts import education_text
from careerplan.skills.wizard.answers import Answers
from careerplan.skills.wizard.pages import WizardStage
from careerplan.skills.wizard.wizard import Wizard

ENOUGH_TO_ASK = 8  # ratings; fewer may well be the same
RATED_STAGES = (WizardStage.ABILITIES, WizardStage.WORK_SKILLS, WizardStage.PEOPLE_SKILLS, WizardStage.KNOWLEDGE)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """An answer. Blank text: not answered. `is_own`: in the user's own words. `hint`: its consequence."""

    label: str
    text: str
    page_key: str
    is_own: bool = False
    is_optional: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class CheckSection:
    """A heading with its answers."""

    title: str
    rows: list[CheckRow]

    @property
    def is_complete(self) -> bool:
        """Return whether every required answer is there."""
        return all(row.text or row.is_optional for row in self.rows)


def horizon_words(assessment: Assessment) -> str:
    """Return the target date in words; blank if not set."""
    if assessment.horizon == Horizon.DATE and assessment.horizon_on:
        return date_format(assessment.horizon_on, "j M Y")
    return str(assessment.get_horizon_display()) if assessment.horizon else ""


def _untied_hint(draft: Assessment) -> str:
    """Return a hint that gaps need a target from our list of occupations; blank if one is chosen."""
    if not draft.target_role or draft.target_occupation_id:
        return ""
    return _("This is in your own words only. Choose an occupation from our list to see your gaps.")


def all_levels_equal(answers: Answers) -> bool:
    """Return whether all ratings of this assessment are the same, and enough of them to ask about it."""
    levels = [rating.level for rating in answers.levels if not answers.is_carried_over(rating)]
    return len(levels) >= ENOUGH_TO_ASK and len(set(levels)) == 1


def summarize_answers(wizard: Wizard) -> list[CheckSection]:
    """Return the answers by stage. No query."""
    answers = wizard.answers
    liked = _interests(wizard) if answers.assessment.asks_interests else []
    first = [_where_you_are(answers), _where_to(answers), *_tasks(answers), _education(answers)]
    return [*first, *liked, _skills(wizard)]


def _where_you_are(answers: Answers) -> CheckSection:
    draft, key = answers.assessment, WizardStage.WHERE_YOU_ARE.value
    return CheckSection(
        str(WizardStage.WHERE_YOU_ARE.label),
        [
            CheckRow(_("Career stage"), str(draft.get_career_stage_display()), key),
            CheckRow(_("Current role"), draft.current_role, key, is_optional=True),
        ],
    )


def _where_to(answers: Answers) -> CheckSection:
    draft, key = answers.assessment, WizardStage.WHERE_TO.value
    return CheckSection(
        str(WizardStage.WHERE_TO.label),
        [
            CheckRow(_("Target role"), answered_target(draft).words, key, hint=_untied_hint(draft)),
            CheckRow(_("Vision"), draft.vision, key, is_own=True, is_optional=True),
            CheckRow(_("When"), horizon_words(draft), key, is_optional=True),
        ],
    )


def _tasks(answers: Answers) -> list[CheckSection]:
    """Return how many tasks of the target occupation are done; nothing if none is asked."""
    found = [answer for task in answers.tasks if (answer := answers.task_answer(task)) and answer.experience]
    counts = Counter(TaskAnswer.Experience(answer.experience) for answer in found)
    text = _("%(done)s done, %(help)s with help, %(never)s not yet") % {
        "done": sum(count for experience, count in counts.items() if experience.is_done),
        "help": counts[TaskAnswer.Experience.WITH_HELP],
        "never": counts[TaskAnswer.Experience.NEVER],
    }
    label, key = _("Tasks of your target role"), WizardStage.TASKS.value
    row = CheckRow(label, text if found else "", key, is_optional=True)
    return [CheckSection(str(WizardStage.TASKS.label), [row])] if answers.tasks else []


def _education(answers: Answers) -> CheckSection:
    education, key = answers.education or Education(), WizardStage.EDUCATION.value
    level = education_text(education.level, education.field)
    rows = [
        CheckRow(_("Highest level"), level, key),
        CheckRow(_("Certificates"), education.credentials, key, is_own=True, is_optional=True),
    ]
    if not answers.assessment.target_undecided:
        rows.append(CheckRow(_("Enough for the job you want?"), str(education.get_enough_display()), key))
    if education.enough == Education.Enough.NO:
        rows.append(CheckRow(_("What is missing"), education.stated_missing, key, is_own=True, is_optional=True))
    return CheckSection(str(WizardStage.EDUCATION.label), rows)


def _interests(wizard: Wizard) -> list[CheckSection]:
    """Return how many activities have an answer, with a link to the first page that was not passed, else the first."""
    pages = [page for page in wizard.pages if page.stage == WizardStage.INTERESTS]
    answers = [wizard.answers.interests.get(one.key) for page in pages for one in page.activities]
    answered = sum(answer is not None and answer.liking is not None for answer in answers)
    values = {"n": answered, "all": len(answers)}
    text = ngettext("%(n)s of %(all)s answered", "%(n)s of %(all)s answered", answered) % values if answered else ""
    key = next((page.key for page in pages if not wizard.is_answered(page)), pages[0].key)
    return [CheckSection(str(WizardStage.INTERESTS.label), [CheckRow(_("Activities"), text, key, is_optional=True)])]


def _skills(wizard: Wizard) -> CheckSection:
    answers = wizard.answers
    ratings = list(answers.ratings.values())
    asked = {page.stage for page in wizard.pages}
    rows = [_counted(wizard, stage) for stage in RATED_STAGES if stage in asked]
    is_sorted = bool(ratings) and all(rating.category for rating in answers.levels)
    is_chosen = bool(ratings) and all(rating.wants_to_learn is not None for rating in ratings)
    for label, category in ((_("Strengths"), Rating.Category.STRENGTH), (_("Weaknesses"), Rating.Category.WEAKNESS)):
        text = _names(rating for rating in ratings if rating.category == category)
        rows.append(CheckRow(label, text or (_("None") if is_sorted else ""), WizardStage.STRENGTHS.value))
    text = _names(rating for rating in ratings if rating.wants_to_learn)
    rows.append(CheckRow(_("Want to learn"), text or (_("None") if is_chosen else ""), WizardStage.LEARN.value))
    return CheckSection(_("Skills"), rows)


def _names(ratings: Iterable[Rating]) -> str:
    return join_list(rating.skill.name for rating in ratings)


def _counted(wizard: Wizard, stage: WizardStage) -> CheckRow:
    """Return how many skills of a stage are rated, with a link to its first page; blank while a page is unanswered,
    with a link to that one.
    """
    pages = [page for page in wizard.pages if page.stage == stage]
    ratings = [wizard.answers.ratings.get(skill.pk) for page in pages for skill in page.skills]
    rated = sum(rating is not None and rating.level is not None for rating in ratings)
    unsure = sum(rating is not None and rating.level is None for rating in ratings)
    unanswered = next((page for page in pages if not wizard.is_answered(page)), None)
    if unanswered is not None:
        return CheckRow(str(stage.label), "", unanswered.key)
    text = ngettext("%(n)s rated", "%(n)s rated", rated) % {"n": rated}
    if unsure:
        text = _("%(rated)s rated, %(unsure)s not sure") % {"rated": rated, "unsure": unsure}
    return CheckRow(str(stage.label), text, pages[0].key)
