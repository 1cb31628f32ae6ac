"""Changes of the settings of the site. Each counts their version, so that every process sees it within seconds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.site_settings import queries
from careerplan.site_settings.models import LegalText, SiteLogo, SiteSettings


def lock_settings() -> SiteSettings:
    """Return the one row, locked; it is made where everything was a default."""
    SiteSettings.objects.get_or_create(pk=1)
    return SiteSettings.objects.select_for_update().get(pk=1)


@transaction.atomic
def save_settings(*, values: Mapping[str, Any], version: int) -> dict[str, tuple[Any, Any]]:
    """Save settings by the names of their columns; return what changed: before and after, by name.

    `version` is that of the row that they were compared with. Raises StaleObjectError if it has changed since.
    """
    row = lock_settings()
    if version and row.version != version:
        raise StaleObjectError
    changed = {name: (getattr(row, name), value) for name, value in values.items() if getattr(row, name) != value}
    for name, (_before, after) in changed.items():
        setattr(row, name, after)
    if changed:
        row.save(update_fields=list(changed))
    _changed()
    return changed


@transaction.atomic
def set_logo(*, kind: str, content: bytes) -> None:
    """Show this file beside the name of the site. It was checked by the form."""
    SiteLogo.objects.update_or_create(pk=1, defaults={"kind": kind, "content": content})
    _count_version()


@transaction.atomic
def remove_logo() -> None:
    """Show our own mark again. Idempotent."""
    if SiteLogo.objects.all().delete()[0]:
        _count_version()


@transaction.atomic
def publish_text(*, kind: str, text: str, asks_again: bool, after: int, now: datetime) -> LegalText:
    """Publish the next version of a legal text; a blank one takes its page away.

    `after` is the version that the page showed, 0 for none. Raises StaleObjectError if there is a newer one.
    """
    lock_settings()
    newest = LegalText.objects.filter(kind=kind).order_by("-number").values_list("number", flat=True).first() or 0
    if newest != after:
        raise StaleObjectError
    published = LegalText.objects.create(
        kind=kind, number=newest + 1, text=text, asks_again=asks_again, published_at=now
    )
    _count_version()
    return published


def _count_version() -> None:
    lock_settings()
    SiteSettings.objects.update(version=F("version") + 1)
    _changed()


def _changed() -> None:
    """Have this process read the settings again: now, and once more after the commit."""
    queries.forget()
    transaction.on_commit(queries.forget)
