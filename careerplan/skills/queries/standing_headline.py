"""The headline of the view of strengths."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import sqrt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.sentences import join_sentences
from careerplan.skills.fit import SkillNeed
from careerplan.skills.queries.headlines import Headline, chance_of, most_surprising, surprise
from careerplan.skills.queries.match_rows import OccupationMatches
from careerplan.skills.queries.rarity import RareMix
from careerplan.skills.queries.standing import Standing, StandingRow
from careerplan.skills.texts import in_sentence, list_names

LEAST_NEEDED_AHEAD, LEAST_REACHED = 3, 2
MOST_CLOSEST = 3
LEAST_SURPRISE = 1.0
"""One in ten: a difference that is found more often says nothing new."""
ONE_SIDED = 0.7
"""From this share of skills above (or below) the usual level, the number says more of the rater than of the skills."""
LEAST_COMPARED = 8


def strengths_headline(
    found: Standing | None, mix: RareMix | None, target_people: str = "", reached: Sequence[StandingRow] = ()
) -> Headline:
    """Return the most surprising fact about levels beside the usual ones. `target_people`: such as "head teachers".

    `reached`: skills in which the user has what the target needs, and most people in their occupation do not.
    """
    if found is None:
        return Headline(_("Your strengths"))
    one_sided = _one_sided(found)
    if one_sided:
        return one_sided
    facts = [_furthest_ahead(found), _ahead_and_needed(found, target_people), _rare_mix(found, mix)]
    first = most_surprising(facts, otherwise=_about_level(found))
    if first.surprise >= LEAST_SURPRISE:
        return first
    return _reached(found, reached, target_people) or replace(first, is_new=False)


def step_headline(
    target_people: str, people: str, beyond: Sequence[SkillNeed], levels: Mapping[int, int]
) -> Headline | None:
    """Return in how many skills the target needs more than most people in the current occupation have (`beyond`, the
    largest difference first), and how many of them the user has. None if there are fewer than two.
    """
    if len(beyond) < LEAST_REACHED:
        return None
    rated = [need for need in beyond if need.skill_id in levels]
    done = sum(not need.gap(levels[need.skill_id]) for need in rated)
    values = {"n": len(beyond), "target": target_people, "people": people, "done": done, "rated": len(rated)}
    title = ngettext(
        "In %(n)s skill, %(target)s need more than most %(people)s have",
        "In %(n)s skills, %(target)s need more than most %(people)s have",
        len(beyond),
    )
    most = _("Most of all: %(skills)s.") % {"skills": list_names([need.name for need in beyond])}
    text = ngettext(
        "You have the level needed in %(done)s of the %(rated)s you rated.",
        "You have the level needed in %(done)s of the %(rated)s you rated.",
        len(rated),
    )
    return Headline(title % values, join_sentences(most, text % values if rated else ""))


def retiring_headline(found: Standing, passed_on: Sequence[StandingRow]) -> Headline | None:
    """Return what others could learn from somebody near retirement; None without a level above the usual one.

    `passed_on` are the strengths to pass on, the first one first.
    """
    ahead = [row for row in passed_on if row.is_ahead]
    if not ahead:
        return None
    first, values = ahead[0], {"people": found.people, "skill": in_sentence(ahead[0].name), "n": ahead[0].levels_apart}
    if not found.people:
        lead = _("You are above the average of all occupations in it.")
        return Headline(
            _("Others could learn %(skill)s from you") % values, join_sentences(lead, _also_ahead(ahead[1:]))
        )
    text = ngettext(
        "Your level is %(n)s above the usual one.", "Your level is %(n)s above the usual one.", first.levels_apart
    )
    others = _also_ahead([row for row in found.ahead if row is not first])
    return Headline(_("Most %(people)s could learn %(skill)s from you") % values, join_sentences(text % values, others))


def closest_headline(found: Standing, matches: OccupationMatches, total: int) -> Headline | None:
    """Return which of `total` occupations the answers are closest to: three, if the first ones cannot be told apart.
    None without lists.
    """
    near = matches.like_yours[: MOST_CLOSEST if matches.undecided >= MOST_CLOSEST else 1]
    if not near:
        return None
    values = {"all": total, "people": list_names([one.facts.people for one in near])}
    text = _("Of %(all)s occupations, your answers are closest to %(people)s")
    above = _("You are above the average of all occupations in: %(skills)s.") % {"skills": _names(found.ahead)}
    return Headline(text % values, above if found.ahead else "")


def _one_sided(found: Standing) -> Headline | None:
    """Return what to say of someone who is above, or below, nearly everywhere: the order, not the number."""
    most = ONE_SIDED * found.compared
    if found.compared < LEAST_COMPARED or max(len(found.ahead), len(found.behind)) < most:
        return None
    values = {"all": found.compared, "people": found.people, "skill": in_sentence(found.rows[0].name)}
    if len(found.ahead) >= most:
        values["n"] = len(found.ahead)
        count = (
            _("You are above most %(people)s in %(n)s of %(all)s skills.")
            if found.people
            else _("You are above the average of all occupations in %(n)s of %(all)s skills.")
        )
        title = _("Most of all, %(skill)s sets you apart")
        order = _("People who rate themselves generously see this too, so trust the order more than the number.")
    else:
        values["n"] = len(found.behind)
        count = (
            _("You are below most %(people)s in %(n)s of %(all)s skills.")
            if found.people
            else _("You are below the average of all occupations in %(n)s of %(all)s skills.")
        )
        title = _("Beside others, %(skill)s is your strongest skill")
        order = _("People who rate themselves strictly see this too, so trust the order more than the number.")
    return Headline(title % values, join_sentences(count % values, order))


def _furthest_ahead(found: Standing) -> Headline | None:
    """Return the skill furthest above the usual level, of those that the target needs if there are any."""
    ahead = found.needed_ahead or found.ahead
    if not ahead:
        return None
    first, apart = ahead[0], ahead[0].levels_apart
    values = {"skill": in_sentence(first.name), "n": apart, "people": found.people}
    if found.people:
        text = ngettext(
            "In %(skill)s you are %(n)s level above most %(people)s",
            "In %(skill)s you are %(n)s levels above most %(people)s",
            apart,
        )
    else:
        text = ngettext(
            "In %(skill)s you are %(n)s level above the average of all occupations",
            "In %(skill)s you are %(n)s levels above the average of all occupations",
            apart,
        )
    others = [row for row in found.ahead if row is not first]
    lead = [_also_ahead(others), _level_sentence(found)]
    return Headline(text % values, join_sentences(*lead), surprise(chance_of(first.difference), found.compared))


def _ahead_and_needed(found: Standing, target_people: str) -> Headline | None:
    """Return how many skills above the usual level the target needs; None for fewer than three.

    The differences in all that it needs are added and divided by the root of their number (Stouffer et al., The
    American Soldier, 1949).
    """
    needed = [row for row in found.rows if row.need is not None]
    ahead = found.needed_ahead
    if len(ahead) < LEAST_NEEDED_AHEAD or not found.people or not target_people or target_people == found.people:
        return None
    enough = sum(row.have >= (row.need or 0) for row in ahead)
    values = {"people": found.people, "n": len(ahead), "target": target_people, "enough": enough}
    title = ngettext(
        "You are above most %(people)s in %(n)s skill that %(target)s need",
        "You are above most %(people)s in %(n)s skills that %(target)s need",
        len(ahead),
    )
    if enough == len(ahead):
        reached = _("In all of them you have the level that is needed there.")
    elif enough:
        reached = ngettext(
            "In %(enough)s of them you have the level that is needed there.",
            "In %(enough)s of them you have the level that is needed there.",
            enough,
        )
    else:
        reached = _("Each of them still needs a higher level there.")
    together = sum(row.difference for row in needed) / sqrt(len(needed))
    furthest = sorted(ahead, key=lambda row: -row.difference)
    lead = [_("Furthest above: %(skills)s.") % {"skills": _names(furthest)}, reached % values]
    return Headline(title % values, join_sentences(*lead), surprise(chance_of(together)))


def _reached(found: Standing, reached: Sequence[StandingRow], target_people: str) -> Headline | None:
    """Return in how many skills the user reaches what the target needs and most in their occupation do not; None for
    fewer than two.
    """
    if len(reached) < LEAST_REACHED or not found.people or not target_people or target_people == found.people:
        return None
    text = ngettext(
        "You already have %(n)s skill that %(target)s need and most %(people)s lack",
        "You already have %(n)s skills that %(target)s need and most %(people)s lack",
        len(reached),
    )
    values = {"n": len(reached), "target": target_people, "people": found.people}
    names = _("Yours already: %(skills)s.") % {"skills": _names(reached)}
    return Headline(text % values, join_sentences(names, _level_sentence(found)))


def _rare_mix(found: Standing, mix: RareMix | None) -> Headline | None:
    if mix is None:
        return None
    values = {
        "first": in_sentence(mix.first),
        "second": in_sentence(mix.second),
        "n": mix.count,
        "all": mix.total,
        "occupations": list_names([one.title for one in mix.occupations]),
    }
    text = ngettext(
        "Your mix of %(first)s and %(second)s is usual in only %(n)s of %(all)s occupations",
        "Your mix of %(first)s and %(second)s is usual in only %(n)s of %(all)s occupations",
        mix.count,
    )
    if mix.count > len(mix.occupations):
        where = _("Among them: %(occupations)s.")
    else:
        where = ngettext("It is: %(occupations)s.", "They are: %(occupations)s.", mix.count)
    lead = join_sentences(where % values, _level_sentence(found))
    return Headline(text % values, lead, surprise(mix.count / mix.total, mix.pairs))


def _about_level(found: Standing) -> Headline:
    """Return what to say where nothing is above the usual level."""
    values = {"n": len(found.level), "all": found.compared, "people": found.people}
    if found.people:
        text = ngettext(
            "You are about as skilled as most %(people)s in %(n)s of %(all)s skill",
            "You are about as skilled as most %(people)s in %(n)s of %(all)s skills",
            found.compared,
        )
    else:
        text = ngettext(
            "You are at the average of all occupations in %(n)s of %(all)s skill",
            "You are at the average of all occupations in %(n)s of %(all)s skills",
            found.compared,
        )
    behind = _("Furthest below: %(skills)s.") % {"skills": _names(found.behind)} if found.behind else ""
    return Headline(text % values, behind)


def _also_ahead(rows: list[StandingRow]) -> str:
    return _("You are also above it in: %(skills)s.") % {"skills": _names(rows)} if rows else ""


def _level_sentence(found: Standing) -> str:
    if not found.level or not found.people:
        return ""
    text = ngettext(
        "You are about as skilled as most %(people)s in %(n)s of %(all)s skills.",
        "You are about as skilled as most %(people)s in %(n)s of %(all)s skills.",
        len(found.level),
    )
    return text % {"people": found.people, "n": len(found.level), "all": found.compared}


def _names(rows: Iterable[StandingRow]) -> str:
    return list_names([row.name for row in rows])
