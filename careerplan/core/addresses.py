"""Addresses of pages by the ids of what they show: Django looks one up for 30 us, and a list shows a hundred."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

# Stands for an id while an address is looked up; nothing has this one.
PLACE = 7_250_000_000_000_000_000


def page_url(name: str, *ids: int) -> str:
    """Return the address of the page `name` of the rows with these ids, as `reverse` does. Raises NoReverseMatch."""
    first, *rest = _around(name, len(ids), get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)
    return first + "".join([f"{pk}{part}" for pk, part in zip(ids, rest, strict=True)])


@lru_cache(maxsize=1024)
def _around(name: str, count: int, _prefix: str, _urlconf: str) -> list[str]:
    """Return what stands around the ids in the address of a page."""
    return reverse(name, args=[PLACE] * count).split(str(PLACE))
