"""Lock the draft, so that two tabs save one after the other, and note each save."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from careerplan.skills.models import Assessment


class DraftNotFound(Exception):
    """The draft was finished or deleted in another tab or on another device."""


@contextmanager
def locked_draft(*, user: User) -> Iterator[Assessment]:
    """Lock the user's draft until the block ends, so that what is read stays valid for saving. Raises DraftNotFound."""
    with transaction.atomic():
        drafts = Assessment.objects.for_user(user).drafts().select_for_update(of=("self",), no_key=True)
        draft = drafts.select_related("current_occupation", "target_occupation", "user").first()
        if draft is None:
            raise DraftNotFound
        yield draft


def lock_draft(assessment: Assessment) -> Assessment:
    """Lock the draft until the transaction ends."""
    draft = Assessment.objects.drafts().select_for_update(no_key=True).filter(pk=assessment.pk).first()
    if draft is None:
        raise DraftNotFound
    return draft


def record_save(draft: Assessment, now: datetime, *fields: str) -> None:
    """Save changed fields of the draft and the time of saving."""
    changes: dict[str, Any] = {field: getattr(draft, field) for field in fields}
    Assessment.objects.filter(pk=draft.pk).update(**changes, saved_at=now, version=F("version") + 1)
