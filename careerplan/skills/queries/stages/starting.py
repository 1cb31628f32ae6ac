"""Starting out: what of school and other work counts already, and first occupations in reach."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.catalogue.models import EducationLevel
from careerplan.core.sentences import join_sentences
from careerplan.skills.models import Level
from careerplan.skills.purposes import GoalPurpose
from careerplan.skills.queries.match_rows import OccupationMatch
from careerplan.skills.queries.match_words import Closeness
from careerplan.skills.queries.stages.base import StageFacts, StageFinding, StageSection, links_to, names_of
from careerplan.skills.texts import list_names

MOST_FIRST = 3


def starting_section(facts: StageFacts) -> StageSection:
    """Return what counts already, what the education opens, first occupations in reach, and what to show first."""
    rows = [_counts_already(facts), _opens(facts), _first_occupations(facts), _show(facts)]
    return StageSection(_("What you start with"), _("From school, home and other work"), [row for row in rows if row])


def _counts_already(facts: StageFacts) -> StageFinding | None:
    """Return the skills at or above the level that the target needs, or else above the average of all occupations."""
    comparison = facts.inputs.comparison
    if comparison and comparison.met:
        met = sorted(comparison.met, key=lambda row: (-row.need * row.importance, row.name))
        values = {"n": len(met), "all": comparison.compared, "title": comparison.occupation.title}
        text = ngettext(
            "You have the level needed in %(n)s of %(all)s for %(title)s.",
            "You have the level needed in %(n)s of %(all)s for %(title)s.",
            len(met),
        )
        return StageFinding(_("Counts already"), list_names([row.name for row in met]), text % values)
    standing = facts.standing
    if standing.ahead:
        title, values = list_names(names_of(standing.ahead)), {"n": len(standing.ahead), "people": facts.people}
        if facts.people:
            text = _("Above most %(people)s, who do this every day.")
        else:
            text = _("Above the average of all occupations, and you are only starting.")
        return StageFinding(_("Counts already"), title, text % values)
    if not standing.rows:
        return None
    best = max(standing.rows, key=lambda row: (row.have - row.usual, row.have))
    values = {"have": Level(best.have).phrase, "usual": best.usual}
    text = _("You are at %(have)s. Nearest to what is usual at work, which is %(usual)s.")
    return StageFinding(_("Nearest"), best.name, text % values)


def _opens(facts: StageFacts) -> StageFinding | None:
    """Return how many occupations usually ask for no more education than the user has."""
    level = facts.inputs.education.level if facts.inputs.education else ""
    known = [EducationLevel(one.education).rank for one in facts.catalogue.facts if one.education]
    if not level or not known:
        return None
    rank = EducationLevel(level).rank
    opened = sum(one <= rank for one in known)
    values = {"n": opened, "all": len(known), "exactly": sum(one == rank for one in known)}
    if opened == len(known):
        text = _("No occupation in our list usually asks for more.")
    else:
        text = ngettext(
            "%(n)s of %(all)s occupations usually ask for no more than this.",
            "%(n)s of %(all)s occupations usually ask for no more than this.",
            opened,
        )
    return StageFinding(_("Opens doors"), str(EducationLevel(level).label), text % values)


def _first_occupations(facts: StageFacts) -> StageFinding | None:
    """Return the closest occupations for which the user is prepared: those before others that overlap only a little."""
    found = [*facts.inputs.matches.like_yours, *facts.inputs.matches.other_field]
    found = [one for one in found if not one.takes_training] or found
    if not found:
        return None
    first = sorted(found, key=lambda one: one.closeness < Closeness.CLOSE)[:MOST_FIRST]
    facts_of = [one.facts for one in first]
    if first[0].takes_training:
        text = ngettext("It takes more training first.", "They take more training first.", len(first))
    else:
        text = ngettext(
            "Close to your answers, and it takes no more training than you have.",
            "Close to your answers, and they take no more training than you have.",
            len(first),
        )
    return StageFinding(
        _("Within reach first"), "", join_sentences(text, _shared(facts, first)), links=links_to(facts_of)
    )


def _shared(facts: StageFacts, matches: list[OccupationMatch]) -> str:
    """Return what the user has and these occupations need."""
    ids = dict.fromkeys(key for match in matches for key in match.reasons if key in facts.inputs.rated.names)
    if not ids:
        return ""
    text = ngettext("It needs what you have: %(skills)s.", "They need what you have: %(skills)s.", len(matches))
    return text % {"skills": list_names([facts.name(pk) for pk in ids])}


def _show(facts: StageFacts) -> StageFinding | None:
    """Return the strength without an example that is worth one most."""
    able = [row for row in facts.standing.rows if row.have >= Level.SKILLED and not facts.evidence_of(row.skill_id)]
    if not able:
        return None
    row = max(able, key=lambda one: (one.need is not None, one.difference))
    if row.need is not None:
        text = _("Your target needs it, and you have given no example yet. One from school or home is enough.")
    else:
        text = _("You are at %(have)s and have given no example yet. One from school or home is enough.")
    return facts.row(_("Show it"), row.skill_id, text % {"have": Level(row.have).phrase}, GoalPurpose.PROVE)
