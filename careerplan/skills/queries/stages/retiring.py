"""Near retirement: what to pass on, to whom, what to finish, and what to reduce."""

import numpy as np
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.catalogue.models import EducationLevel
from careerplan.core.sentences import join_sentences
from careerplan.matching.levels import level_of
from careerplan.skills.models import Level
from careerplan.skills.purposes import GoalPurpose
from careerplan.skills.queries.stages.base import StageFacts, StageFinding, StageSection, links_to
from careerplan.skills.queries.standing import StandingRow
from careerplan.skills.texts import in_sentence

MOST_PASSED_ON, MOST_LEARNERS = 2, 3
DAYS_IN_A_YEAR = 365.25
TEACHING = "teaching-others"
CAN_TEACH = Level.SKILLED


def retiring_section(facts: StageFacts) -> StageSection:
    """Return what to pass on before anything else, then whom to teach, what to finish and what to reduce."""
    strengths = strengths_to_pass_on(facts)
    rows = [_pass_on(facts, row, is_first=place == 0) for place, row in enumerate(strengths)]
    if strengths:
        rows.append(_learners(facts, strengths[0]))
    rows += [row for row in (_finish(facts), _reduce(facts, strengths)) if row]
    return StageSection(_("Before you retire"), _lead(facts), rows)


def _lead(facts: StageFacts) -> str:
    """Say what the rows are about, and until when, if the user named a date."""
    day = facts.inputs.assessment.horizon_on
    if day is None or day <= facts.inputs.today:
        return _("Pass on, finish, reduce")
    return _("Pass on, finish, reduce until %(month)s") % {"month": date_format(day, "F Y")}


def _years_left(facts: StageFacts) -> int | None:
    """Return the whole years until the date that the user named; None without a date to come."""
    day = facts.inputs.assessment.horizon_on
    return int((day - facts.inputs.today).days / DAYS_IN_A_YEAR) if day and day > facts.inputs.today else None


def strengths_to_pass_on(facts: StageFacts) -> list[StandingRow]:
    """Return the highest levels above the usual one, what the current occupation needs before the rest.

    Without one above it, return the highest level.
    """
    needed = {pk for pk, need in facts.inputs.current_needs.items() if need.is_needed}
    ahead = [row for row in facts.standing.ahead if row.have >= Level.SKILLED]
    if ahead:
        ahead.sort(key=lambda row: (row.skill_id not in needed, -row.have, -row.difference))
        return ahead[:MOST_PASSED_ON]
    level = [row for row in facts.standing.level if row.have >= Level.SKILLED]
    return sorted(level, key=lambda row: (row.skill_id not in needed, -row.have))[:1]


def _pass_on(facts: StageFacts, row: StandingRow, *, is_first: bool) -> StageFinding:
    values = {"n": row.levels_apart, "people": facts.people, "have": Level(row.have).phrase}
    if not row.is_ahead:
        text = _("It is among your highest levels: %(have)s. Newcomers can learn it from you.")
    elif not facts.people:
        text = _("You are at %(have)s, above the average of all occupations. Teach it while you are there.")
    elif row.levels_apart > 1 and not is_first:
        text = _("Here too you are %(n)s levels above most %(people)s.")
    elif row.levels_apart > 1:
        text = _("You are %(n)s levels above most %(people)s, so others would miss this most.")
    elif row.have == Level.EXPERT:
        text = _("You are an expert and most %(people)s are not. Teach it while you are there.")
    else:
        text = _("You are at %(have)s, a level above most %(people)s. Show others how you do it.")
    return facts.row(_("Pass on"), row.skill_id, text % values, GoalPurpose.TEACH)


def _learners(facts: StageFacts, strength: StandingRow) -> StageFinding:
    """Return whom to teach: people in closely related occupations who need the strength and usually have less."""
    column = facts.catalogue.columns[strength.skill_id]
    figures, kind = facts.catalogue.table.figures[:, column], facts.catalogue.table.kinds[column]
    related = list(facts.catalogue.related[facts.current]) if facts.current is not None else []
    usual = {row: level_of(float(figures[row]), kind) for row in related}
    rows = [row for row in related if Level.BASIC <= usual[row] < strength.have and figures[row] >= np.median(figures)]
    learners = [facts.catalogue.facts[row] for row in rows[:MOST_LEARNERS]]
    how = _how_to_teach(facts.level_of_key(TEACHING))
    if not learners:
        whom = _("New %(people)s") % {"people": facts.people} if facts.people else _("People who are new to your work")
        return StageFinding(_("Whom to teach"), whom, how)
    text = _("They need %(skill)s too, and most are below your level.") % {"skill": in_sentence(strength.name)}
    return StageFinding(_("Whom to teach"), "", join_sentences(text, how), links=links_to(learners))


def _how_to_teach(level: int | None) -> str:
    if level is None:
        return _("Start with one person who would like to learn it.")
    if level >= CAN_TEACH:
        return _("You rated teaching others %(level)s, so a group is possible.") % {"level": level}
    return _("You rated teaching others %(level)s, so start with one person.") % {"level": level}


def _finish(facts: StageFacts) -> StageFinding | None:
    """Return what to finish: missing education, a goal that is active, or what is nearest to be learned."""
    missing = facts.inputs.missing_education
    if missing:
        return StageFinding(
            _("Finish"),
            missing.words or str(EducationLevel(missing.level).label),
            join_sentences(_finish_text(is_stated=bool(missing.words)), _is_worth_it(_years_left(facts))),
            f"education={facts.inputs.assessment.pk}",
            is_own=bool(missing.words),
        )
    goal = next(iter(facts.inputs.rated.goals.values()), None)
    if goal:
        return StageFinding(_("Finish"), goal.title, _("This goal is active. Finish it before a new one."), goal=goal)
    wanted = [one for one in facts.inputs.rated.ratings if one.wants_to_learn and one.level is not None]
    if not wanted:
        return None
    nearest = max(wanted, key=lambda one: (one.level or 0, -one.pk))
    text = _("Of all you want to learn, you are furthest in this: %(have)s.")
    return facts.row(_("Finish"), nearest.skill_id, text % {"have": Level(nearest.level or 0).phrase})


def _finish_text(*, is_stated: bool) -> str:
    return _("You said that this is missing.") if is_stated else _("It is usual for your target role.")


def _is_worth_it(years: int | None) -> str:
    """Ask whether it is still worth it, given the years left."""
    if years is None:
        return _("Decide whether it is still worth it.")
    if years < 1:
        return _("You have less than a year, so decide whether it is still worth it.")
    text = ngettext(
        "You have %(n)s year, so decide whether it is still worth it.",
        "You have %(n)s years, so decide whether it is still worth it.",
        years,
    )
    return text % {"n": years}


def _reduce(facts: StageFacts, strengths: list[StandingRow]) -> StageFinding | None:
    """Return what to hand over first: what is furthest below the usual level, else what others do as well.

    What the user wants to learn, or needs for another target, is not handed over.
    """
    wanted = {one.skill_id for one in facts.inputs.rated.ratings if one.wants_to_learn}
    if facts.is_move:
        wanted |= {pk for pk, need in facts.inputs.target_needs.items() if need.is_needed}
    behind = [row for row in facts.standing.behind if row.skill_id not in wanted]
    needed = {pk for pk, need in facts.inputs.current_needs.items() if need.is_needed}
    own = [row for row in behind if row.skill_id in needed] or (behind if not needed else [])
    if own:
        row, values = own[0], {"n": own[0].levels_apart, "people": facts.people}
        if facts.people:
            text = ngettext(
                "You are %(n)s level below most %(people)s here. Pass this on first, or take on less of it.",
                "You are %(n)s levels below most %(people)s here. Pass this on first, or take on less of it.",
                row.levels_apart,
            )
        else:
            text = _("You are below the average of all occupations here. Pass this on first, or take on less of it.")
        return facts.row(_("Reduce"), row.skill_id, text % values, GoalPurpose.HAND_OVER)
    kept = {row.skill_id for row in strengths} | wanted
    shared = [row for row in facts.standing.level if row.skill_id in needed and row.skill_id not in kept]
    if not shared or not facts.people:
        return None
    row = min(shared, key=lambda one: (one.have, one.name))
    text = _("You are level with most %(people)s here, so others can do this for you.")
    return facts.row(_("Reduce"), row.skill_id, text % {"people": facts.people}, GoalPurpose.HAND_OVER)
