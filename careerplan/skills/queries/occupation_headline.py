"""The headline of the view of occupations."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.sentences import join_sentences
from careerplan.skills.queries.headlines import Headline
from careerplan.skills.queries.match_rows import OccupationMatch, OccupationMatches
from careerplan.skills.queries.match_words import Closeness
from careerplan.skills.queries.without_lists import WithoutLists
from careerplan.skills.texts import in_sentence


def occupation_headline(matches: OccupationMatches, without: WithoutLists | None) -> Headline:
    """Return the first of these that is true: the answers are closer to another occupation than to the user's own, or
    close to one in another field; else how many occupations they are close to.

    Without lists it is what the user would like most, or else which occupation experts call closest to their own.
    """
    if not matches.is_enough:
        return _without_lists(without)
    close = sum(match.closeness >= Closeness.CLOSE for match in matches.shown)
    own, closer, elsewhere = _own_sentence(matches.current), _closer_than_own(matches), _elsewhere(matches)
    if closer:
        title = _("Your answers are closer to the work of %(people)s than to your own") % {"people": closer}
    elif elsewhere:
        title = _("Outside your field, your answers are closest to %(people)s") % {"people": elsewhere}
    else:
        return Headline(_close_title(close), own)
    count = ngettext("We found %(n)s close occupation.", "We found %(n)s close occupations.", close)
    return Headline(title, join_sentences(own, count % {"n": close}))


def _without_lists(found: WithoutLists | None) -> Headline:
    lead = _("Your ratings do not tell occupations apart yet.")
    if found and found.liked:
        return Headline(
            _("By what you like, %(field)s comes first") % {"field": in_sentence(found.liked[0].name)}, lead
        )
    if found and found.related:
        words = {"other": found.related[0].people, "people": found.people}
        return Headline(_("Experts call the work of %(other)s closest to that of %(people)s") % words, lead)
    return Headline(_("Your answers do not tell occupations apart yet"))


def _close_title(close: int) -> str:
    text = ngettext("Your answers are close to %(n)s occupation", "Your answers are close to %(n)s occupations", close)
    return text % {"n": close} if close else _("Your answers are close to no occupation in our list")


def _closer_than_own(matches: OccupationMatches) -> str:
    """Return the people of the closest occupation if it is closer than the current one; else blank."""
    first = next(iter(matches.like_yours), None)
    if first is None or matches.current is None or first.closeness <= matches.current.closeness:
        return ""
    return first.facts.people


def _elsewhere(matches: OccupationMatches) -> str:
    """Return the people of the closest occupation in another field than the current one; blank if none is close."""
    first = next(iter(matches.other_field), None)
    return first.facts.people if first and matches.current and first.closeness >= Closeness.CLOSE else ""


def _own_sentence(current: OccupationMatch | None) -> str:
    """Say how close the answers are to the user's own occupation; blank if it is not known."""
    if current is None:
        return ""
    text = {
        Closeness.VERY_CLOSE: _("You answer very much as most %(people)s would."),
        Closeness.CLOSE: _("You answer much as most %(people)s would."),
        Closeness.SOME_OVERLAP: _("You answer differently from most %(people)s."),
    }[current.closeness]
    return text % {"people": current.facts.people}
