"""When a mentor looked, for the owner."""

from datetime import datetime

from django.db import transaction

from careerplan.mentoring.models import Mentorship, MentorVisit


@transaction.atomic
def record_visit(*, mentorship: Mentorship, place: str, now: datetime) -> None:
    """Add a page to the current visit, or begin one after MentorVisit.PAUSE without a page."""
    Mentorship.objects.select_for_update(no_key=True).get(pk=mentorship.pk)  # two pages at once are one visit
    visit = mentorship.visits.first()
    if visit is None or now - visit.last_at > MentorVisit.PAUSE:
        mentorship.visits.create(started_at=now, last_at=now, places=[place])
        return
    visit.last_at = max(now, visit.last_at)
    if place not in visit.places:
        visit.places.append(place)
    visit.save(update_fields=["last_at", "places"])


def last_visit_before(mentorship: Mentorship, *, now: datetime) -> datetime | None:
    """Return when the mentor looked before the present visit; None on the first one. One query."""
    visits = mentorship.visits.exclude(last_at__gte=now - MentorVisit.PAUSE)
    return visits.values_list("last_at", flat=True).first()
