"""What the history of a plan tells of second opinions: that there was one, never a level."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from careerplan.core.sentences import isolate
from careerplan.planning.queries.told_days import ToldChange, is_within
from careerplan.plans.models import Plan
from careerplan.second_opinion.models import SecondOpinion


def tell_opinions(plan: Plan) -> Iterator[tuple[date, ToldChange]]:
    """Yield when somebody rated skills of the user. One query."""
    for row in SecondOpinion.objects.for_user(plan.user).sent().select_related("mentorship"):
        day = timezone.localdate(row.sent_at)
        if is_within(plan, day):
            yield day, ToldChange(_("%(name)s rated your skills.") % {"name": isolate(row.mentorship.display_name)})
