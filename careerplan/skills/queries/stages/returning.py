"""Returning after a break: what is still there, what grew, and what needs refreshing."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.skills.models import Level
from careerplan.skills.purposes import GoalPurpose
from careerplan.skills.queries.comparison import GapRow
from careerplan.skills.queries.stages.base import StageFacts, StageFinding, StageSection, links_to, names_of
from careerplan.skills.queries.standing import StandingRow
from careerplan.skills.texts import in_sentence, list_names

MOST_LEARNED, MOST_REFRESHED = 2, 2


def returning_section(facts: StageFacts) -> StageSection:
    """Return what is still there beside the usual level of the last occupation, what is above it, and what is below."""
    rows = [_still_there(facts), _above(facts), *_to_learn(facts), *_refresh(facts), _licence(facts)]
    return StageSection(
        _("After your break"), _("What is still there, and what to refresh or check"), [row for row in rows if row]
    )


def _still_there(facts: StageFacts) -> StageFinding | None:
    standing = facts.standing
    here = [*standing.ahead, *standing.level]
    if not here:
        return None
    needs = facts.inputs.current_needs
    own = [row for row in here if row.skill_id in needs and needs[row.skill_id].is_needed]
    own.sort(key=lambda row: -needs[row.skill_id].weight)
    values = {"n": len(here), "all": standing.compared, "people": facts.people, "skills": list_names(names_of(own))}
    title = ngettext("%(n)s of %(all)s skills", "%(n)s of %(all)s skills", standing.compared) % values
    if not standing.behind:
        text = _("By your answers, the break has cost you none of them.")
    elif not facts.people:
        text = _("You are at or above the average of all occupations.")
    elif own:
        text = _("You are level with or above most %(people)s, also in what they need most: %(skills)s.")
    else:
        text = _("You are level with or above most %(people)s.")
    return StageFinding(_("Still there"), title, text % values)


def _above(facts: StageFacts) -> StageFinding | None:
    """Return what is above the usual level: worth an example in an application."""
    ahead = facts.standing.ahead
    if not ahead:
        return None
    without = next((row for row in ahead if not facts.evidence_of(row.skill_id)), None)
    if without is None:
        title, text = list_names(names_of(ahead)), _("You have given examples. Use them in your applications.")
        return StageFinding(_("More than most"), title, text)
    values = {"people": facts.people, "n": without.levels_apart}
    if facts.people:
        text = ngettext(
            "%(n)s level above most %(people)s. Work at home counts too, so give an example of it.",
            "%(n)s levels above most %(people)s. Work at home counts too, so give an example of it.",
            without.levels_apart,
        )
    else:
        text = _("Above the average of all occupations. Work at home counts too, so give an example of it.")
    return facts.row(_("More than most"), without.skill_id, text % values, GoalPurpose.PROVE)


def _gaps(facts: StageFacts) -> list[GapRow]:
    """Return the largest gaps to the target."""
    return facts.inputs.comparison.gaps[:MOST_LEARNED] if facts.inputs.comparison else []


def _to_learn(facts: StageFacts) -> list[StageFinding]:
    """Return the largest gaps to the target: they come before anything to refresh."""
    found = []
    for gap in _gaps(facts):
        values = {"need": Level(gap.need).phrase, "have": Level(gap.have).phrase}
        text = _("Your target needs %(need)s. You are at %(have)s.")
        found.append(facts.row(_("Learn first"), gap.skill_id, text % values))
    return found


def _refresh(facts: StageFacts) -> list[StageFinding]:
    """Return what to refresh first: furthest below the usual level, what the last occupation needs before the rest;
    or what the user was not sure about. Gaps to the target are not repeated.
    """
    needed = {pk for pk, need in facts.inputs.current_needs.items() if need.is_needed}
    gaps = {gap.skill_id for gap in _gaps(facts)}
    behind = [row for row in facts.standing.behind if row.skill_id not in gaps]
    behind.sort(key=lambda row: (row.skill_id not in needed, row.difference))
    if behind:
        most = max(1, MOST_REFRESHED - len(gaps))
        return [_refresh_row(facts, row, is_needed=row.skill_id in needed) for row in behind[:most]]
    unsure = [one for one in facts.inputs.rated.ratings if one.level is None]
    if not unsure:
        return []
    text = ngettext(
        "You were not sure about it. Try it once, then rate it.",
        "You were not sure about them. Try each once, then rate it.",
        len(unsure),
    )
    return [StageFinding(_("To find out"), list_names([one.name for one in unsure]), text)]


def _refresh_row(facts: StageFacts, row: StandingRow, *, is_needed: bool) -> StageFinding:
    values = {"have": Level(row.have).phrase, "usual": row.usual, "people": facts.people}
    if not facts.people:
        text = _("You are at %(have)s. The average of all occupations is %(usual)s.")
    elif is_needed:
        text = _("You are at %(have)s, most %(people)s at %(usual)s, and the work needs it.")
    else:
        text = _("You are at %(have)s, most %(people)s at %(usual)s. The work can do without it at first.")
    return facts.row(_("Refresh"), row.skill_id, text % values, GoalPurpose.REFRESH)


def _licence(facts: StageFacts) -> StageFinding | None:
    """Return that the last occupation often needs a licence."""
    current = facts.catalogue.facts[facts.current] if facts.current is not None else None
    if current is None or not current.needs_licence:
        return None
    text = _("For the work as %(title)s you often need one. Find out whether yours is still valid.")
    return StageFinding(
        _("Check"), _("Your licence"), text % {"title": in_sentence(current.title)}, links=links_to([current])
    )
