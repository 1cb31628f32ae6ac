"""Which skills are asked, and the pages that ask about them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby

from django.utils.translation import gettext as _

from careerplan.catalogue.models import Skill, SkillKind
from careerplan.matching.questions import PAGE
from careerplan.skills import texts
from careerplan.skills.fit import SkillNeed
from careerplan.skills.models import Assessment, Level
from careerplan.skills.suggestions import select_quick_skills
from careerplan.skills.wizard.answers import Answers
from careerplan.skills.wizard.pages import MOST_SKILLS, Page, PageKind, WizardStage, split_evenly


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


def skill_pages(answers: Answers) -> list[Page]:
    """Return pages of at most 7 skills: full mode by group, quick mode by stage; own skills last."""
    by_group = answers.assessment.mode == Assessment.Mode.FULL
    own = [skill for skill in answers.skills if skill.is_own]
    chosen = _chosen_questions(answers)
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


def _chosen_questions(answers: Answers) -> Sequence[int]:
    """Return the skills (ids) that were chosen by the answers, and so have no page by their kind.

    In a retake of a few skills these come first, then those that the user added.
    """
    limit = answers.assessment.limited_to
    if limit is None:
        return answers.assessment.questions or ()
    if len(limit) > PAGE:
        return ()
    return sorted((skill.pk for skill in answers.skills if not skill.is_own), key=lambda pk: pk not in limit)


def _question_pages(answers: Answers, chosen: Sequence[int]) -> list[Page]:
    """Return the pages of the questions chosen so far, and those that will be chosen by their answers, still empty."""
    skills = {skill.pk: skill for skill in answers.skills}
    pages = []
    is_limited = answers.assessment.limited_to is not None
    count = -(-len(chosen) // PAGE) if is_limited else answers.assessment.question_pages
    for number in range(count):
        here = tuple(skills[pk] for pk in chosen[number * PAGE : (number + 1) * PAGE] if pk in skills)
        pages.append(_ratings_page(WizardStage.ABILITIES, "what-you-can-do", number + 1, here))
    return pages


def _pages_of(stage: WizardStage, key: str, title: str, skills: list[Skill]) -> list[Page]:
    """Return one page, or several of similar length for more than seven skills."""
    chunks = split_evenly(skills, MOST_SKILLS)
    return [_ratings_page(stage, key, number, chunk, title) for number, chunk in enumerate(chunks, start=1)]


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
