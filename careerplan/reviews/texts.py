"""Sentences of the review pages."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.numbers import format_amount, format_number
from careerplan.core.sentences import join_sentences
from careerplan.goals.models import Change
from careerplan.reviews.models import Review
from careerplan.reviews.queries.goal_pages import ReviewGoalFacts


def progress_text(facts: ReviewGoalFacts) -> str:
    """Say what happened to a goal since the last review: "From 20 to 35 people. 1 step done. 1 step late."."""
    steps = facts.steps
    done = ngettext("%(n)s step done.", "%(n)s steps done.", steps.done) if steps.done else _("No steps done.")
    parts = [_number_text(facts), done % {"n": steps.done}]
    if steps.late:
        parts.append(ngettext("%(n)s step late.", "%(n)s steps late.", steps.late) % {"n": steps.late})
    return join_sentences(*parts)


def _number_text(facts: ReviewGoalFacts) -> str:
    row = facts.row
    if row.value is None or not row.is_number:
        return ""
    now = format_amount(row.value, row.unit)
    if facts.value_before is None or facts.value_before == row.value:
        return _("Still %(now)s.") % {"now": now}
    return _("From %(before)s to %(now)s.") % {"before": format_number(facts.value_before), "now": now}


def changes_text(changes: Sequence[Change]) -> str:
    """Say how a goal was changed: "Due date changed once, on 12 Feb. Target changed from 60 to 100."."""
    by_hand = [change for change in changes if change.reason != Change.Reason.PAUSE]  # a pause moves all dates
    moved = [change for change in by_hand if change.what == Change.What.DUE_DATE]
    targets = [change for change in changes if change.what == Change.What.TARGET]
    parts = []
    if moved:
        text = ngettext(
            "Due date changed once, on %(day)s.", "Due date changed %(n)s times, last on %(day)s.", len(moved)
        )
        parts.append(text % {"n": len(moved), "day": date_format(moved[-1].made_at.date(), "j M")})
    if targets and targets[0].value_from is not None and targets[-1].value_to is not None:
        values = {"old": format_number(targets[0].value_from), "new": format_number(targets[-1].value_to)}
        parts.append(_("Target changed from %(old)s to %(new)s.") % values)
    return join_sentences(*parts)


def review_lead(review: Review, previous_on: date | None, unanswered: int) -> str:
    """Say how the plan is doing: "1 goal reached since 8 Dec 2026. 3 of 5 open goals are on track."

    `unanswered` is the number of open goals without an answer.
    """
    reached, still_open = review.goals_reached or 0, review.goals_open or 0
    parts = []
    if previous_on:
        text = ngettext("%(n)s goal reached since %(day)s.", "%(n)s goals reached since %(day)s.", reached)
        parts.append(text % {"day": date_format(previous_on, "j M Y"), "n": reached})
    elif reached:
        parts.append(ngettext("%(n)s goal reached so far.", "%(n)s goals reached so far.", reached) % {"n": reached})
    parts.append(open_goals_text(still_open, review.goals_on_track or 0))
    # A goal deleted during the review still has its row, but is not one of the open goals.
    parts.append(unanswered_text(min(unanswered, still_open), still_open))
    return join_sentences(*parts)


def review_heading(review: Review) -> str:
    """Say how the goals were doing: "1 reached, 3 on track, 1 behind"."""
    still_open, on_track = review.goals_open or 0, review.goals_on_track or 0
    numbers = {"reached": review.goals_reached or 0, "on_track": on_track, "behind": still_open - on_track}
    if not still_open:
        return ngettext("%(reached)s goal reached", "%(reached)s goals reached", numbers["reached"]) % numbers
    if not numbers["reached"]:
        return _("%(on_track)s on track, %(behind)s behind") % numbers
    return _("%(reached)s reached, %(on_track)s on track, %(behind)s behind") % numbers


def past_review_text(review: Review) -> str:
    """Sum up a review: "1 reached, 3 on track, 1 behind. 8 steps done. Average rating of steps: 4.3 of 5."."""
    steps = review.steps_done or 0
    done = ngettext("%(n)s step done.", "%(n)s steps done.", steps) % {"n": steps}
    rated = _("Average rating of steps: %(worth)s of 5.")
    worth = rated % {"worth": format_number(review.worth)} if review.worth else ""
    return join_sentences(_("%(counts)s.") % {"counts": review_heading(review)}, done, worth)


def steps_since_text(review: Review, previous_on: date | None) -> str:
    """Say what was done since the last review: "Since 29 Aug 2026 you finished 11 steps."."""
    steps, first = review.steps_done or 0, _("Your first review of this plan.")
    if previous_on:
        words = {"day": date_format(previous_on, "j M Y"), "n": steps}
        if not steps:
            return _("You finished no steps since %(day)s.") % words
        text = ngettext("Since %(day)s you finished %(n)s step.", "Since %(day)s you finished %(n)s steps.", steps)
        return text % words
    text = ngettext("You have finished %(n)s step so far.", "You have finished %(n)s steps so far.", steps)
    return join_sentences(first, text % {"n": steps}) if steps else first


def schedule_saved_text(next_on: date | None) -> str:
    """Confirm a new schedule."""
    if next_on is None:
        return _("Saved. Start a review at any time.")
    return _("Saved. Your next review is on %(day)s.") % {"day": date_format(next_on, "j M Y")}


def open_goals_text(still_open: int, on_track: int) -> str:
    """Say how many open goals are on track."""
    behind = still_open - on_track
    if not still_open:
        return _("You have no open goals.")
    if not behind:
        text = ngettext("Your %(n)s open goal is on track.", "All %(n)s open goals are on track.", still_open)
        return text % {"n": still_open}
    if not on_track:
        text = ngettext("Your %(n)s open goal is behind.", "All %(n)s open goals are behind.", still_open)
        return text % {"n": still_open}
    text = ngettext(
        "%(on_track)s of %(n)s open goals is on track.", "%(on_track)s of %(n)s open goals are on track.", on_track
    )
    return text % {"on_track": on_track, "n": still_open}


def unanswered_text(unanswered: int, still_open: int) -> str:
    """Say for how many open goals the pace was worked out; "" where the user answered for all."""
    if not unanswered:
        return ""
    if unanswered == still_open:
        return _("We worked this out from your progress.")
    text = ngettext(
        "We worked out %(n)s of them from your progress.", "We worked out %(n)s of them from your progress.", unanswered
    )
    return text % {"n": unanswered}


def review_bar_text(reached: int, on_track: int, behind: int) -> str:
    """Describe the bar of a review for screen readers."""
    numbers = {"reached": reached, "on_track": on_track, "behind": behind}
    return _("Reached: %(reached)s. Open and on track: %(on_track)s. Open and behind: %(behind)s.") % numbers


def reached_so_far_text(review: Review) -> str:
    """Say how many goals of the plan are reached: "1 of 6 goals reached."."""
    reached, total = _reached_and_total(review)
    text = ngettext("%(reached)s of %(total)s goal reached.", "%(reached)s of %(total)s goals reached.", total)
    return text % {"reached": reached, "total": total}


def reached_on_text(review: Review, day: date) -> str:
    """Say how many goals were reached on the day of a review: "On 8 Dec 2026 you had reached 0 of 6 goals."."""
    reached, total = _reached_and_total(review)
    numbers = {"day": date_format(day, "j M Y"), "reached": reached, "total": total}
    text = ngettext(
        "On %(day)s you had reached %(reached)s of %(total)s goal.",
        "On %(day)s you had reached %(reached)s of %(total)s goals.",
        total,
    )
    return text % numbers


def _reached_and_total(review: Review) -> tuple[int, int]:
    """Return the number of goals reached so far, and of goals reached or open."""
    reached = review.goals_reached_so_far or 0
    return reached, reached + (review.goals_open or 0)
