"""The sitemap of the public pages (sitemaps.org), for search engines."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from careerplan.catalogue.fields import FIELD_OF_GROUP, occupation_path
from careerplan.catalogue.models import Occupation


@dataclass(frozen=True, slots=True)
class PublicPage:
    """An address of the sitemap."""

    path: str
    changed_at: datetime | None = None


class PublicPages(Sitemap):  # type: ignore[type-arg]  # generic in the stubs alone
    """The landing page, the fields and the occupations, on the configured origin, never on the Host of a request."""

    protocol = urlsplit(settings.BASE_URL).scheme

    def items(self) -> list[PublicPage]:
        """Return all addresses. One query."""
        rows = Occupation.objects.current().order_by("code").values_list("code", "title", "major_group", "updated_at")
        known = [row for row in rows if row[2] in FIELD_OF_GROUP]
        groups = dict.fromkeys(group for _code, _title, group, _at in known)
        return [
            PublicPage(reverse("dashboard:front")),
            PublicPage(reverse("explore:index")),
            *(PublicPage(reverse("explore:field", args=[FIELD_OF_GROUP[group].slug])) for group in groups),
            *(PublicPage(occupation_path(code, title), changed_at) for code, title, _group, changed_at in known),
        ]

    def location(self, item: PublicPage) -> str:
        return item.path

    def lastmod(self, item: PublicPage) -> datetime | None:
        return item.changed_at

    def get_domain(self, site: Any = None) -> str:
        """Return the host of BASE_URL."""
        return str(urlsplit(settings.BASE_URL).netloc)
