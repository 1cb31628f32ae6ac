"""What the history of a plan tells of people who see it."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from careerplan.core.sentences import isolate
from careerplan.mentoring.models import Mentorship
from careerplan.planning.queries.told_days import ToldChange, is_within
from careerplan.plans.models import Plan


def tell_sharing(plan: Plan) -> Iterator[tuple[date, ToldChange]]:
    """Yield when people began to see a plan, and when they no longer did. One query."""
    for row in Mentorship.objects.for_user(plan.user).filter(accepted_at__isnull=False):
        name = {"name": isolate(row.display_name)}
        told = [(row.accepted_at, _("%(name)s now sees part of your plan.") % name)]
        if row.ended_at:
            told.append((row.ended_at, _("%(name)s no longer sees your plan.") % name))
        for at, text in told:
            day = timezone.localdate(at)
            if is_within(plan, day):
                yield day, ToldChange(text)
