"""The time zones a person can choose: every IANA zone that is a place, and UTC."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def known_time_zones() -> frozenset[str]:
    """All names that can be looked up, old spellings included: a browser may still report one."""
    return frozenset(available_timezones() - {"localtime", "Factory"})


@cache
def time_zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices grouped by area, for a select: [("Africa", [("Africa/Abidjan", "Abidjan"), ...]), ...]."""
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
        raise ValidationError(_("%(name)s is not a time zone we know. Choose the nearest city.") % {"name": name})
    ZoneInfo(name)
