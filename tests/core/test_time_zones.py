"""One source of time zones: the tzdata package."""

import os
import subprocess
import sys
import zoneinfo
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.timezones import known_time_zones
from careerplan.core import time_zones
from careerplan.core.dates import get_zone
from careerplan.core.time_zones import clock_changes, zone_data_version

ROOT = Path(__file__).resolve().parents[2]
ZONES = sorted(known_time_zones())
SYSTEM = "/usr/share/zoneinfo"
PRINT_OFFSET = (
    "import careerplan; from zoneinfo import ZoneInfo; from datetime import datetime;"
    "print(datetime(2026, 7, 1, tzinfo=ZoneInfo('Europe/London')).utcoffset())"
)


def of_package(name: str) -> zoneinfo.ZoneInfo:
    with files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as file:
        return zoneinfo.ZoneInfo.from_file(file, key=name)


def test_every_zone_is_that_of_the_package():
    moments = [datetime(2026, 1, 15, tzinfo=UTC) + timedelta(days=30 * n) for n in range(24)]
    for name in ZONES:
        zone = of_package(name)
        for moment in moments:
            assert moment.astimezone(get_zone(name)).utcoffset() == moment.astimezone(zone).utcoffset(), name


def test_no_file_of_the_system_decides(tmp_path):
    """A folder of the system in which London keeps the time of Tokyo changes nothing."""
    europe = tmp_path / "Europe"
    europe.mkdir()
    europe.joinpath("London").write_bytes(files("tzdata.zoneinfo").joinpath("Asia", "Tokyo").read_bytes())
    environment = {**os.environ, "PYTHONTZPATH": str(tmp_path)}
    for code, offset in ((PRINT_OFFSET, "1:00:00"), (PRINT_OFFSET.removeprefix("import careerplan; "), "9:00:00")):
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == offset


def test_another_source_is_refused_at_the_start(monkeypatch):
    assert zone_data_version() >= "2026f"
    monkeypatch.setattr(zoneinfo, "TZPATH", (SYSTEM,))
    with pytest.raises(ImproperlyConfigured, match="tzdata package"):
        zone_data_version()


LOCAL = """
SELECT timezone('UTC', moment) + (%(offsets)s::interval[])[width_bucket(moment, %(changed)s::timestamptz[])]
FROM unnest(%(moments)s::timestamptz[]) WITH ORDINALITY AS m (moment, n) ORDER BY n
"""


def local_times(name: str, moments: list[datetime]) -> list[datetime]:
    changes = clock_changes(name, 2027)
    with connection.cursor() as cursor:
        cursor.execute(LOCAL, {"changed": changes.changed_at, "offsets": changes.utc_offsets, "moments": moments})
        return [row[0] for row in cursor.fetchall()]


moments = st.datetimes(datetime(2022, 1, 1), datetime(2028, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))


@pytest.mark.django_db
@given(name=st.sampled_from(ZONES), moments=st.lists(moments, min_size=30, max_size=30))
def test_the_database_takes_our_word_for_every_zone(name, moments):
    assert local_times(name, moments) == [moment.astimezone(get_zone(name)).replace(tzinfo=None) for moment in moments]


@pytest.mark.django_db
def test_where_the_copies_differ_the_database_takes_our_word(monkeypatch):
    """London keeps the time of Tokyo here, and not in the copy of the database."""
    monkeypatch.setattr(time_zones, "get_zone", lambda name: zoneinfo.ZoneInfo("Asia/Tokyo"))
    clock_changes.cache_clear()
    try:
        at = datetime(2027, 3, 1, 20, tzinfo=UTC)
        assert local_times("Europe/London", [at]) == [datetime(2027, 3, 2, 5)]
        with connection.cursor() as cursor:
            cursor.execute("SELECT timezone('Europe/London', %s)", [at])
            assert cursor.fetchone() == (datetime(2027, 3, 1, 20),)
    finally:
        clock_changes.cache_clear()


def test_no_statement_asks_the_database_for_a_zone():
    """`timezone('UTC', ...)` is arithmetic; any other zone would come from the copy of the database."""
    statements = [path for folder in ("careerplan", "accounts") for path in (ROOT / folder).rglob("*.sql")]
    assert len(statements) > 10
    for path in statements:
        text = path.read_text().lower()
        assert "at time zone" not in text, path
        assert text.count("timezone(") == text.count("timezone('utc'"), path


def test_changes_of_a_zone_are_the_seconds_at_which_it_changes():
    changed_at = clock_changes("Europe/London", 2027).changed_at
    assert '"2027-03-28T01:00:00+00:00"' in changed_at
    assert '"2027-10-31T01:00:00+00:00"' in changed_at
    assert clock_changes("UTC", 2027) == ("{-infinity}", "{0 seconds}")
