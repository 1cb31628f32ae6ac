"""Texts of Today."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.goals.queries.agenda import DuePeriod, DueSteps

TITLE_CHARACTERS = 60  # of a title in a sentence


def summary(due: DueSteps, also: Sequence[str] = ()) -> str:
    """Return what matters most now: "1 step is late. 3 things are due this week. Start with “...”.".

    `also`: titles of this week's review and of opportunities that close. They count as due, but steps come first.
    """
    first = next((due.steps[part][0] for part in DuePeriod if due.steps.get(part)), None)
    if first is None and not also:
        return _("You have no open steps. Add the next step to a goal.")
    late, steps = due.count(DuePeriod.OVERDUE), due.count(DuePeriod.WEEK)
    this_week = steps + len(also)
    title = Truncator(first.title if first and (late or steps or not also) else also[0]).chars(TITLE_CHARACTERS)
    if first and not late and not this_week:
        day = date_format(first.due_on, "j M Y")
        return _("Nothing is due this week. Next: “%(title)s” on %(day)s.") % {"title": title, "day": day}
    sentences = []
    if late:
        sentences.append(ngettext("%(n)s step is late.", "%(n)s steps are late.", late) % {"n": late})
    if this_week:
        words = ngettext("%(n)s thing is due this week.", "%(n)s things are due this week.", this_week)
        sentences.append(words % {"n": this_week})
    return " ".join([*sentences, _("Start with “%(title)s”.") % {"title": title}])
