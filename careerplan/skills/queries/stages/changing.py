"""A change of direction: what carries over to the other field, and what must be new."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.catalogue.models import EducationLevel
from careerplan.skills.models import Level
from careerplan.skills.queries.comparison import Comparison, GapRow
from careerplan.skills.queries.stages.base import StageFacts, StageFinding, StageSection, links_to
from careerplan.skills.texts import list_names

MOST_NEW, MOST_FIELDS = 2, 3
CLEARLY_MORE = 0.5
"""Standard deviations by which one occupation needs more of a skill than another."""


def changing_section(facts: StageFacts) -> StageSection | None:
    """Return what carries over to the target and what must be new; without a target, fields that use what is there."""
    if facts.inputs.comparison is None or not facts.inputs.comparison.compared:
        return _other_fields(facts)
    comparison = facts.inputs.comparison
    rows = [_carries_over(comparison), _sets_apart(facts)]
    rows += [_new(facts, gap) for gap in _new_gaps(facts, comparison)[:MOST_NEW]]
    rows.append(_education(facts))
    values = {"title": comparison.occupation.title}
    heading = _("What carries over")
    return StageSection(heading, _("From your work to: %(title)s") % values, [row for row in rows if row])


def _carries_over(comparison: Comparison) -> StageFinding:
    met = sorted(comparison.met, key=lambda row: (-row.need * row.importance, row.name))
    values = {"n": len(met), "all": comparison.compared}
    if not met:
        title = _("No skill reaches the level needed yet")
        nearest = min(comparison.gaps, key=lambda row: (row.gap, row.name))
        text = _("Nearest: %(skill)s, you %(have)s, needed %(need)s.")
        words = {"skill": nearest.name, "have": nearest.have, "need": nearest.need}
        return StageFinding(_("Carries over"), title, text % words)
    title = ngettext("%(n)s of %(all)s needed skills", "%(n)s of %(all)s needed skills", len(met)) % values
    text = _("You have the level needed in: %(skills)s.")
    if comparison.has_close:
        text = _("You have the level needed, or are close to it, in: %(skills)s.")
    text %= {"skills": list_names([row.name for row in met])}
    return StageFinding(_("Carries over"), title, text)


def _sets_apart(facts: StageFacts) -> StageFinding | None:
    """Return what the target needs, the old field needs more of, and the user has more of."""
    if facts.inputs.comparison is None or not facts.is_move:
        return None
    row = facts.catalogue.rows[facts.inputs.comparison.occupation.pk]
    above = [
        one
        for one in facts.standing.rows
        if one.need is not None
        and one.have > facts.level_in(row, one.skill_id)
        and facts.lead_over_current(row, one.skill_id) < -CLEARLY_MORE
    ]
    if not above:
        return None
    above.sort(key=lambda one: (facts.level_in(row, one.skill_id) - one.have, one.name))
    values = {"people": facts.people, "target": facts.target_people, "have": above[0].have}
    values["usual"] = facts.level_in(row, above[0].skill_id)
    text = _("You bring it from your work. In the first you are at %(have)s, most %(target)s at %(usual)s.")
    return StageFinding(_("Sets you apart"), list_names([one.name for one in above]), text % values)


def _new_gaps(facts: StageFacts, comparison: Comparison) -> list[GapRow]:
    """Return the gaps that the current occupation cannot close: it usually needs less than the target."""
    if not facts.is_move:
        return comparison.gaps
    beyond = {need.skill_id for need in facts.beyond()}
    return [gap for gap in comparison.gaps if gap.skill_id in beyond]


def _new(facts: StageFacts, gap: GapRow) -> StageFinding:
    values = {
        "need": Level(gap.need).phrase,
        "have": gap.have,
        "people": facts.people,
        "usual": facts.usual_level(gap.skill_id),
    }
    if not facts.people:
        text = _("Needed: %(need)s. You are at %(have)s.")
    elif gap.have > facts.usual_level(gap.skill_id):
        text = _("Needed: %(need)s. You are at %(have)s, which is more than the %(usual)s of most %(people)s.")
    else:
        text = _("Needed: %(need)s. You are at %(have)s, and most %(people)s need no more than %(usual)s.")
    return facts.row(_("Must be new"), gap.skill_id, text % values)


def _education(facts: StageFacts) -> StageFinding | None:
    """Return the usual education if it is above the user's."""
    usual = facts.inputs.occupation.typical_education if facts.inputs.occupation else ""
    own = facts.inputs.education.level if facts.inputs.education else ""
    if not usual or not own or EducationLevel(own).rank >= EducationLevel(usual).rank:
        return None
    words = {"own": EducationLevel(own).label}
    text = _("It is usual there. You have: %(own)s.") % words
    return StageFinding(_("Must be new"), str(EducationLevel(usual).label), text)


def _other_fields(facts: StageFacts) -> StageSection | None:
    """Return the occupations in other fields that the answers are closest to, each with what carries over."""
    rows = []
    for match in facts.inputs.matches.other_field[:MOST_FIELDS]:
        shared = [facts.name(key) for key in match.reasons if key in facts.inputs.rated.names]
        text = _("Carries over: %(skills)s.") % {"skills": list_names(shared)} if shared else ""
        rows.append(StageFinding(_("Another field"), "", text, links=links_to([match.facts])))
    heading = _("Where your skills carry over")
    return StageSection(heading, _("By your answers, in other fields"), rows) if rows else None
