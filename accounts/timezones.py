"""Time zones to choose from: the places that the IANA database names today, and UTC."""

from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def known_time_zones() -> frozenset[str]:
    """Return all valid names, including old spellings that browsers still report."""
    return frozenset(available_timezones() - {"localtime", "Factory"})


@cache
def _present_names() -> list[str]:
    """Return the names of places in use, without old spellings of the same place, from the table of countries."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    return sorted(line.split("\t")[2] for line in table.splitlines() if line and not line.startswith("#"))


@cache
def time_zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return choices grouped by area: [("Africa", [("Africa/Abidjan", "Abidjan"), ...]), ...]."""
    grouped = {
        area: [
            (name, name.split("/", 1)[1].replace("_", " ").replace("/", ", "))
            for name in _present_names()
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
