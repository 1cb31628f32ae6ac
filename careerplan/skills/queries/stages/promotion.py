"""Before a promotion: what the step up asks that the current occupation does not."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.skills.fit import SkillNeed
from careerplan.skills.models import Level
from careerplan.skills.queries.stages.base import StageFacts, StageFinding, StageSection, links_to
from careerplan.skills.texts import list_names

MOST_NEW, MOST_STEPS, NAMED = 2, 3, 2
MORE_LEADERSHIP = 0.7
"""Points of 0 to 7; as in the list of steps up."""
USED_LESS = 2
"""Whole levels."""


def promotion_section(facts: StageFacts) -> StageSection | None:
    """Return what the target asks beyond the current occupation; without a target, the steps up that are closest."""
    if not facts.is_move:
        return _steps_up(facts)
    beyond = facts.beyond()
    levels = facts.inputs.rated.levels
    done = [need for need in beyond if need.skill_id in levels and not need.gap(levels[need.skill_id])]
    missing = [need for need in beyond if need not in done]
    rows = [_new(facts, need) for need in missing[:MOST_NEW]]
    more = (_catch_up(facts), _already(done, beyond, levels), _leadership(facts), _used_less(facts))
    rows += [row for row in more if row]
    if not rows:
        return None
    words = {"target": facts.target_people, "people": facts.people}
    return StageSection(_("What the step up asks"), _("Needed by %(target)s, not by most %(people)s") % words, rows)


def _new(facts: StageFacts, need: SkillNeed) -> StageFinding:
    have = facts.inputs.rated.levels.get(need.skill_id)
    values = {
        "need": Level(need.level).phrase,
        "usual": facts.usual_level(need.skill_id),
        "people": facts.people,
        "have": have,
    }
    if have is None:
        text = _("Needed: %(need)s. Most %(people)s are at %(usual)s. You have not rated it.")
    elif have <= Level.BEGINNER and facts.usual_level(need.skill_id) <= Level.BEGINNER:
        text = _("Needed: %(need)s. You are at %(have)s. It is as new to most %(people)s as it is to you.")
    elif have > facts.usual_level(need.skill_id):
        text = _("Needed: %(need)s. You are at %(have)s, above the %(usual)s of most %(people)s.")
    elif have == facts.usual_level(need.skill_id):
        text = _("Needed: %(need)s. You are at %(have)s, as most %(people)s are, so your daily work will not bring it.")
    else:
        text = _("Needed: %(need)s. You are at %(have)s and most %(people)s at %(usual)s.")
    return facts.row(_("New"), need.skill_id, text % values)


def _catch_up(facts: StageFacts) -> StageFinding | None:
    """Return what the target needs, most people in the current occupation have, and the user lacks most of."""
    behind = [row for row in facts.standing.behind if row.need is not None and row.need > row.have]
    if not behind:
        return None
    row = behind[0]
    values = {"have": row.have, "usual": row.usual, "need": Level(row.need or 0).phrase, "people": facts.people}
    text = _("You are at %(have)s and most %(people)s at %(usual)s. The step needs %(need)s, so start here.")
    return facts.row(_("Catch up"), row.skill_id, text % values)


def _already(done: Sequence[SkillNeed], beyond: Sequence[SkillNeed], levels: Mapping[int, int]) -> StageFinding | None:
    """Return the skills that the promotion needs, the current occupation does not and the user already has.

    What is not rated is neither: the text says of how many it speaks.
    """
    if not done:
        return None
    rated = sum(need.skill_id in levels for need in beyond)
    if rated == len(beyond):
        text = ngettext(
            "Of the %(all)s things that the step asks beyond your work, you have %(n)s already.",
            "Of the %(all)s things that the step asks beyond your work, you have %(n)s already.",
            len(done),
        )
    else:
        text = ngettext(
            "The step asks %(all)s things beyond your work. You rated %(rated)s of them and have %(n)s already.",
            "The step asks %(all)s things beyond your work. You rated %(rated)s of them and have %(n)s already.",
            len(done),
        )
    names = list_names([need.name for need in done])
    return StageFinding(_("Yours already"), names, text % {"n": len(done), "all": len(beyond), "rated": rated})


def _leadership(facts: StageFacts) -> StageFinding | None:
    """Return whether the target leads people and an organisation more than the current occupation does."""
    columns = list(facts.catalogue.leadership)
    target = facts.catalogue.rows[facts.inputs.occupation.pk] if facts.inputs.occupation else None
    if not columns or target is None or facts.current is None:
        return None
    figures = facts.catalogue.table.figures
    more = float((figures[target, columns] - figures[facts.current, columns]).mean())
    if more >= MORE_LEADERSHIP:
        return None  # the rows above name it
    values = {"target": facts.target_people, "people": facts.people}
    if more <= -MORE_LEADERSHIP:
        text = _("Most %(people)s lead more than %(target)s do. This step is about other things.")
    else:
        text = _("Most %(target)s lead about as much as %(people)s do. This step is about other things.")
    return StageFinding(_("Leading"), _("No more leading than now"), text % values)


def _used_less(facts: StageFacts) -> StageFinding | None:
    """Return the skills that the target needs clearly less of, and the user has."""
    levels, found = facts.inputs.rated.levels, []
    for need in facts.inputs.current_needs.values():
        asked = facts.inputs.target_needs.get(need.skill_id)
        less = need.level - (asked.level if asked else 0)
        if need.is_needed and less >= USED_LESS and levels.get(need.skill_id, 0) >= need.level:
            found.append((less, need))
    if not found:
        return None
    names = [need.name for _less, need in sorted(found, key=lambda pair: (-pair[0], pair[1].name))]
    text = ngettext(
        "You have it, and the step needs it much less. Is that what you want?",
        "You have them, and the step needs them much less. Is that what you want?",
        len(names),
    )
    return StageFinding(_("Used less"), list_names(names), text)


def _steps_up(facts: StageFacts) -> StageSection | None:
    """Return the closest steps up, each with what it asks beyond the current occupation."""
    steps = facts.inputs.matches.step_up[:MOST_STEPS]
    if not steps:
        return None
    rows = [
        StageFinding(_("A step up"), "", _how_far(facts, one.facts.pk), links=links_to([one.facts])) for one in steps
    ]
    return StageSection(_("Steps up from here"), _("Open one to see what it asks"), rows)


def _how_far(facts: StageFacts, pk: int) -> str:
    """Return in what an occupation is furthest above the current one, of what is rated."""
    row = facts.catalogue.rows[pk]
    leads = {
        key: facts.lead_over_current(row, key) for key in facts.inputs.rated.levels if key in facts.catalogue.columns
    }
    above = [facts.name(key) for key in sorted(leads, key=lambda key: -leads[key])[:NAMED] if leads[key] > 0]
    return _("It asks most beyond your work in: %(skills)s.") % {"skills": list_names(above)} if above else ""
