"""Files of long plans: requesting, making and deleting them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from careerplan.core import jobs
from careerplan.core.dates import get_zone
from careerplan.plan_document import queries
from careerplan.plan_document.document import Document, DocumentPart, Parts
from careerplan.plan_document.models import LIFETIME, PlanFile
from careerplan.plan_document.pdf import RenderFailed, render_pdf
from careerplan.plan_document.texts import file_name
from careerplan.plans.models import Plan

LEASE = timedelta(minutes=6)  # longer than a task may run
MAX_ATTEMPTS = 2
Clock = Callable[[], datetime]

log = structlog.get_logger(__name__)


def render_word(document: Document) -> bytes:
    """Return the document as a Word file. The library for it is read only now: most processes never need it."""
    from careerplan.plan_document.docx import render_docx  # noqa: PLC0415

    return render_docx(document)


RENDER: dict[str, Callable[[Document], bytes]] = {PlanFile.Ending.PDF: render_pdf, PlanFile.Ending.WORD: render_word}


@transaction.atomic
def request_plan_file(*, plan: Plan, ending: PlanFile.Ending, parts: Parts, now: datetime) -> PlanFile:
    """Have a worker make a file of a plan, instead of the person's last one. Idempotent while it is being made."""
    user = User.objects.select_for_update(no_key=True).get(pk=plan.user_id)
    own = PlanFile.objects.for_user(user)
    waiting = own.current(now).filter(state=PlanFile.State.WAITING, plan=plan, ending=ending).first()
    if waiting is not None and set(waiting.parts) == parts:
        return waiting
    own.delete()
    return PlanFile.objects.create(
        user=user,
        plan=plan,
        ending=ending,
        parts=[part for part in DocumentPart if part in parts],
        entries=queries.count_entries(plan),
        requested_at=now,
        not_before=now,
        expires_at=now + LIFETIME,
    )


def cancel_plan_file(*, user: User) -> None:
    """Delete the file of a person, whatever its state. Idempotent."""
    PlanFile.objects.for_user(user).delete()


# --- Run by Celery workers ------------------------------------------------------------------------------
def claim_next(*, now: datetime) -> PlanFile | None:
    """Claim the file that waits longest; None if none is free."""
    return jobs.claim_next(PlanFile, now=now, lease=LEASE, most_attempts=MAX_ATTEMPTS)


def make_plan_file(*, file: PlanFile, clock: Clock) -> bool:
    """Make a claimed file. Return whether it ended here: ready, or failed."""
    claimed_until = file.not_before
    plan = queries.plans_for_document(file.user).get(pk=file.plan_id)
    parts = frozenset(map(DocumentPart, file.parts))
    content = None
    with timezone.override(get_zone(file.user.time_zone)):
        document = queries.build_document(plan, parts, clock())
        try:
            content = RENDER[file.ending](document)
        except RenderFailed:  # it is logged; a second time would take as long and fail again
            log.warning("plan_file_failed", file=file.pk)
    with transaction.atomic():
        locked = jobs.lock_claimed(file, claimed_until)
        if locked is None:
            return False
        if content is None:
            locked.state = PlanFile.State.FAILED
        else:
            now = clock()
            locked.state, locked.ready_at, locked.content = PlanFile.State.READY, now, content
            locked.expires_at, locked.name = now + LIFETIME, file_name(document.title, document.as_of, file.ending)
        locked.save()
    return True


def delete_expired(*, now: datetime) -> int:
    """Delete expired files; return how many."""
    return PlanFile.objects.filter(expires_at__lte=now).delete()[0]
