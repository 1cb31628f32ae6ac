"""What the history of a plan tells of meetings: with whom, never the notes."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from careerplan.core.sentences import isolate
from careerplan.meetings.models import Meeting
from careerplan.planning.queries.told_days import ToldChange, is_within
from careerplan.plans.models import Plan


def tell_meetings(plan: Plan) -> Iterator[tuple[date, ToldChange]]:
    """Yield when notes of a meeting were kept. One query."""
    for row in Meeting.objects.for_user(plan.user).held().select_related("mentorship"):
        day = timezone.localdate(row.held_at)
        if is_within(plan, day):
            yield day, ToldChange(_("You met %(name)s.") % {"name": isolate(row.mentorship.display_name)})
