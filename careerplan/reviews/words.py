"""What the pages of reviews say, in words. Pure: rows come in as figures."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.numbers import as_sentence, format_number, number_words
from careerplan.goals.models import Change
from careerplan.reviews.models import Review
from careerplan.reviews.queries import Facts


def happened_words(facts: Facts) -> str:
    """What happened to a goal since the last review: "From 20 to 35 people; 1 step done, 1 step late"."""
    row, steps = facts.row, facts.steps
    done = ngettext("%(n)s step done", "%(n)s steps done", steps.done) % {"n": steps.done} if steps.done else ""
    late = ngettext("%(n)s step late", "%(n)s steps late", steps.late) % {"n": steps.late} if steps.late else ""
    said = ", ".join(filter(None, (done, late))) or _("no step done")
    if row.value is None or not row.is_number:
        return as_sentence(said)
    figures = {"now": format_number(row.value), "unit": row.unit}
    if facts.value_before is None or facts.value_before == row.value:
        moved = _("Still %(now)s %(unit)s") % figures
    else:
        moved = _("From %(before)s to %(now)s %(unit)s") % {**figures, "before": format_number(facts.value_before)}
    return f"{moved}; {said}"


def changes_words(changes: Sequence[Change]) -> str:
    """How a goal was adjusted since: "moved once, on 12 Feb; target changed from 60 to 100"."""
    by_hand = [change for change in changes if change.reason != Change.Reason.PAUSE]  # a pause moves everything
    moved = [change for change in by_hand if change.what == Change.What.DUE_DATE]
    targets = [change for change in changes if change.what == Change.What.TARGET]
    parts = []
    if moved:
        last = {"n": number_words(len(moved)), "day": date_format(moved[-1].made_at.date(), "j M")}
        once = _("moved once, on %(day)s") % last
        parts.append(once if len(moved) == 1 else _("moved %(n)s times, last on %(day)s") % last)
    if targets and targets[0].value_from is not None and targets[-1].value_to is not None:
        values = {"from": format_number(targets[0].value_from), "to": format_number(targets[-1].value_to)}
        parts.append(_("target changed from %(from)s to %(to)s") % values)
    return "; ".join(parts)


def lead_words(review: Review, previous_on: date | None, by_figures: int) -> str:
    """How the plan is doing, in a sentence or two: "Since 8 Dec 2026 one goal was reached. Of the five that are open,
    three are on track and two are behind." `by_figures`: of how many the person gave no verdict.
    """
    reached, still_open, on_track = review.goals_reached or 0, review.goals_open or 0, review.goals_on_track or 0
    parts = []
    if previous_on:
        words = ngettext("Since %(day)s %(n)s goal was reached.", "Since %(day)s %(n)s goals were reached.", reached)
        parts.append(
            words % {"day": date_format(previous_on, "j M Y"), "n": number_words(reached) if reached else _("no")}
        )
    elif reached:
        words = ngettext("So far %(n)s goal was reached.", "So far %(n)s goals were reached.", reached)
        parts.append(words % {"n": number_words(reached)})
    parts.append(open_words(still_open, on_track))
    # A goal that was deleted during the review keeps its row and is not counted as open.
    parts.append(by_figures_words(min(by_figures, still_open), still_open))
    return " ".join(filter(None, parts))


def rhythm_words(next_on: date | None) -> str:
    """What was saved about when the plan is reviewed: "Saved. Your next review is on 30 Nov 2026." """
    if next_on is None:
        return _("Saved. You start a review when you want to.")
    return _("Saved. Your next review is on %(day)s.") % {"day": date_format(next_on, "j M Y")}


def open_words(still_open: int, on_track: int) -> str:
    """Of the goals that are open, how many are on track."""
    behind = still_open - on_track
    if not still_open:
        return _("No goal is open.")
    if still_open == 1:
        return _("The one that is open is on track.") if on_track else _("The one that is open is behind.")
    count = {"all": number_words(still_open), "on_track": number_words(on_track), "behind": number_words(behind)}
    if not behind:
        return _("The %(all)s that are open are all on track.") % count
    if not on_track:
        return _("The %(all)s that are open are all behind.") % count
    first = ngettext("%(on_track)s is on track", "%(on_track)s are on track", on_track) % count
    second = ngettext("%(behind)s is behind", "%(behind)s are behind", behind) % count
    return _("Of the %(all)s that are open, %(first)s and %(second)s.") % {**count, "first": first, "second": second}


def by_figures_words(by_figures: int, still_open: int) -> str:
    """Whose word it is that a goal is on track or behind; "" where it is the person's for all that are open."""
    if not by_figures:
        return ""
    if by_figures == still_open:
        return _("That is by the figures: you gave no verdict.")
    one = "%(n)s of these is by the figures: you gave no verdict on it."
    many = "%(n)s of these are by the figures: you gave no verdict on them."
    return as_sentence(ngettext(one, many, by_figures) % {"n": number_words(by_figures)})


def picture_words(reached: int, on_track: int, behind: int) -> str:
    """What the bar of one review shows."""
    figures = {"reached": reached, "on_track": on_track, "behind": behind}
    return _("%(reached)s reached so far, %(on_track)s open and on track, %(behind)s open and behind") % figures


def reached_so_far(review: Review) -> tuple[int, int]:
    """How many goals of the plan are reached so far, and of how many: those that are reached or open."""
    reached = review.goals_reached_so_far or 0
    return reached, reached + (review.goals_open or 0)


def before_words(review: Review) -> str:
    """The same of an earlier review, beside `done_so_far_words`: "0 of 6"."""
    reached, whole = reached_so_far(review)
    return _("%(reached)s of %(all)s") % {"reached": reached, "all": whole}


def done_so_far_words(review: Review) -> str:
    """How successful the plan is so far, in one figure: "1 of 6 goals reached"."""
    reached, whole = reached_so_far(review)
    words = ngettext("%(reached)s of %(all)s goal reached", "%(reached)s of %(all)s goals reached", whole)
    return words % {"reached": reached, "all": whole}
