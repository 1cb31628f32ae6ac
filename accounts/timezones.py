"""Time zones to choose from: every IANA zone that is a place, and UTC."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def known_time_zones() -> frozenset[str]:
    """Return all valid names, including old spellings that browsers still report."""
    return frozenset(available_timezones() - {"localtime", "Factory"})


@cache
def time_zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return choices grouped by area: [("Africa", [("Africa/Abidjan", "Abidjan"), ...]), ...]."""
    grouped = {
        area: [
            (name, name.split("/", 1)[1].replace("_", " ").replace("/", ", "))
            for name in sorted(known_time_zones())
            if name.startswith(f"{area}/")
        ]
        for area in AREAS
    }
    return [*grouped.items(), (_("Other"), [("UTC", "UTC")])]


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless `name` is a zone this machine knows."""
    if name not in known_time_zones():
        raise ValidationError(_("We do not know the time zone %(name)s. Choose the nearest city.") % {"name": name})
    ZoneInfo(name)
