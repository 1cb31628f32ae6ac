"""No target yet: where the answers point, and what to try."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.skills.queries.match_rows import OccupationMatch
from careerplan.skills.queries.stages.base import StageFacts, StageFinding, StageSection, links_to
from careerplan.skills.texts import in_sentence, list_names

MOST_FIELDS = 3


def exploring_section(facts: StageFacts) -> StageSection | None:
    """Return occupations that a rare mix of skills leads to, and the closest occupation of each of three fields."""
    rows = [_mix(facts), *(_closest(facts, match) for match in _of_different_fields(facts))]
    found = [row for row in rows if row]
    return StageSection(_("No target yet"), _("Where your answers point"), found) if found else None


def _mix(facts: StageFacts) -> StageFinding | None:
    mix = facts.rarity.mix
    if mix is None:
        return None
    values = {"first": in_sentence(mix.first), "second": in_sentence(mix.second), "n": mix.count, "all": mix.total}
    text = ngettext(
        "Of %(all)s occupations, only %(n)s usually has your levels of both %(first)s and %(second)s.",
        "Of %(all)s occupations, only %(n)s usually have your levels of both %(first)s and %(second)s.",
        mix.count,
    )
    return StageFinding(_("Your mix"), "", text % values, links=links_to(mix.occupations))


def _of_different_fields(facts: StageFacts) -> list[OccupationMatch]:
    """Return the closest occupation of each field, at most three."""
    found: dict[str, OccupationMatch] = {}
    for match in (*facts.inputs.matches.like_yours, *facts.inputs.matches.other_field):
        found.setdefault(match.facts.field, match)
    return list(found.values())[:MOST_FIELDS]


def _closest(facts: StageFacts, match: OccupationMatch) -> StageFinding:
    shared = [facts.name(key) for key in match.reasons if key in facts.inputs.rated.names]
    if shared:
        text = _("Uses your %(skills)s. Ask someone who does it what a normal week is like.")
        text = text % {"skills": list_names([in_sentence(name) for name in shared])}
    else:
        text = _("Close to your answers as a whole. Ask someone who does it what a normal week is like.")
    return StageFinding(_("Look at"), "", text, links=links_to([match.facts]))
