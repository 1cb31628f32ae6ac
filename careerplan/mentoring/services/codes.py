"""Codes of mentors: six digits, mailed to the invited address, for ten minutes and five attempts."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from careerplan.mentoring.models import MentorCode, Mentorship

SALT = "careerplan.mentoring.code"
FRESH = timedelta(minutes=1)


@transaction.atomic
def make_code(*, mentorship: Mentorship, now: datetime) -> str:
    """Make a new code; the one before is void. Return it for the email: only its hash is stored."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    values = {"code_hash": _hash(mentorship, code), "sent_at": now, "attempts": 0}
    MentorCode.objects.update_or_create(mentorship=mentorship, defaults=values)
    return code


def has_fresh_code(*, mentorship: Mentorship, now: datetime) -> bool:
    """Return whether a code that still works was sent within FRESH: another one would void it. One query."""
    sent = MentorCode.objects.filter(mentorship=mentorship, sent_at__gt=now - FRESH)
    return sent.filter(attempts__lt=MentorCode.MOST_ATTEMPTS).exists()


def take_back_code(*, mentorship: Mentorship) -> None:
    """Delete a code that could not be sent, so that the next one can be asked for at once."""
    MentorCode.objects.filter(mentorship=mentorship).delete()


@transaction.atomic
def use_code(*, mentorship: Mentorship, typed: str, now: datetime) -> bool:
    """Return whether the code is right; a right one works once, and five wrong ones void it."""
    row = MentorCode.objects.select_for_update().filter(mentorship=mentorship).first()
    if row is None or now >= row.sent_at + MentorCode.LIFETIME or row.attempts >= MentorCode.MOST_ATTEMPTS:
        return False
    if constant_time_compare(row.code_hash, _hash(mentorship, "".join(typed.split()))):
        row.delete()
        Mentorship.objects.filter(pk=mentorship.pk).update(bounced_at=None)  # somebody reads mail there after all
        return True
    row.attempts += 1
    row.save(update_fields=["attempts"])
    return False


def _hash(mentorship: Mentorship, code: str) -> str:
    return salted_hmac(SALT, f"{mentorship.key} {code}", algorithm="sha256").hexdigest()
