"""Preview of emails, for operators: a run of the scheduler that is taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from accounts.models import User
from careerplan.reminders.claims import ClaimedDigest
from careerplan.reminders.digest_content import DigestContent, load_digest_contents
from careerplan.reminders.models import Digest
from careerplan.reminders.services import create_for_users, due_user_batches, reschedule_unsent_digests
from careerplan.reviews.services import make_due_reviews

READ_TOGETHER = 500


@contextmanager
def previewed_emails(as_of: datetime, only: User | None = None) -> Iterator[Iterator[DigestContent]]:
    """Give the emails that a run at `as_of` would send, by address. Nothing is changed when the block ends."""
    with transaction.atomic():
        make_due_reviews(now=as_of)
        reschedule_unsent_digests(as_of=as_of, now=as_of, only=only)
        for people in due_user_batches(as_of, only):
            create_for_users(people, as_of=as_of, now=as_of)
        yield _contents_for_now(as_of, only)
        transaction.set_rollback(True)


def _contents_for_now(as_of: datetime, only: User | None) -> Iterator[DigestContent]:
    digests = Digest.objects.pending().order_by("user__email", "local_date")
    ids = list((digests.filter(user=only) if only else digests).values_list("pk", flat=True))
    for start in range(0, len(ids), READ_TOGETHER):
        rows = digests.filter(pk__in=ids[start : start + READ_TOGETHER])
        contents = load_digest_contents([_looked_at(row) for row in rows], as_of)
        yield from (
            content
            for row in rows
            if (content := contents.get(row.pk)) is not None and content.is_for_now and content.lines
        )


def _looked_at(row: Digest) -> ClaimedDigest:
    return ClaimedDigest(row.pk, row.user_id, row.local_date, row.key, row.made_at, row.attempts, row.key)
