"""What Today says in sentences. Pure: rows come in as figures."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from careerplan.core.numbers import as_sentence, number_words
from careerplan.goals.queries.agenda import DueSteps, Part

LONGEST_NAME = 60  # characters of a title in a sentence


def lead(due: DueSteps, also: Sequence[str] = ()) -> str:
    """What matters now: "One step is late and three things are due this week. Start with “...”.".

    `also`: the names of what stands under this week and is no step, a review or what closes. It counts like a step;
    one starts with it where no step is that near.
    """
    first = next((due.steps[part][0] for part in Part if due.steps.get(part)), None)
    if first is None and not also:
        return _("No step is open. Choose a goal and say what comes next.")
    late, steps = due.count(Part.OVERDUE), due.count(Part.WEEK)
    week = steps + len(also)
    name = first.title if first and (late or steps or not also) else also[0]
    name = Truncator(name).chars(LONGEST_NAME)
    if first and not late and not week:
        words = _("Nothing is due this week. Next comes “%(name)s”, on %(day)s.")
        return words % {"name": name, "day": date_format(first.due_on, "j M Y")}
    start = _("Start with “%(name)s”.") % {"name": name}
    late_words = (_("%(n)s step is late") if late == 1 else _("%(n)s steps are late")) % {"n": number_words(late)}
    week_words = _("%(n)s thing is due this week") if week == 1 else _("%(n)s things are due this week")
    week_words %= {"n": number_words(week)}
    if late and week:
        return _("%(late)s and %(week)s. %(start)s") % {
            "late": as_sentence(late_words),
            "week": week_words,
            "start": start,
        }
    return _("%(what)s. %(start)s") % {"what": as_sentence(late_words if late else week_words), "start": start}
