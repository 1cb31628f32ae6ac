"""A calendar is valid whatever the titles are: it is read back by three independent parsers."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import vobject
from hypothesis import example, given
from hypothesis import strategies as st

from careerplan.calendar_feed.ics import checksum_of, lines, one_line, render_calendar, uid_of
from careerplan.calendar_feed.models import CalendarPart
from careerplan.calendar_feed.queries import CalendarContents, CalendarEntry
from tests.calendar_feed import rfc5545

HOSTILE = [
    "one\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:two",
    "one\r\nATTACH:http://evil.example/\rX:1",
    'a;b,c\\d:e"f^g',
    "C:\\New \\n \\\\N \\;",
    "x" * 10_000,
    "😀" * 2_500,
    "a" + "😀" * 40,
    "ab" + "é" * 60,
    "אני רוצה להיות אחות ראשית \u202eevil\u202c",
    "أريد أن أقود قسماً",
    "nul\x00 bell\x07 del\x7f next\x85 vt\x0b",
    "\u2028line\u2029paragraph",
    "lone \ud800 surrogate",
    "BEGIN:VCALENDAR",
    " leading and trailing ",
    "family 👨‍👩‍👧‍👦 flag 🇬🇧 " * 9,
    "",
]
texts = st.text(st.characters(), max_size=300) | st.sampled_from(HOSTILE)
days = st.dates(min_value=date(1, 1, 1), max_value=date.max)


def entry(**changes):
    """An entry of a goal."""
    plain = {
        "key": "goal/1",
        "part": CalendarPart.GOALS,
        "day": date(2027, 6, 30),
        "title": "Lead 12 shifts",
        "text": "",
        "path": "/goals/1/",
        "changed_at": datetime(2027, 1, 4, 12, 0, 0, 123456, tzinfo=UTC),
        "revision": 3,
    }
    return CalendarEntry(**plain | changes)


def written(*entries, **how):
    return render_calendar(CalendarContents(entries=entries, **how))


def the_one(content):
    """The one event or to-do in a calendar, by our own reader."""
    (found,) = rfc5545.read(content).parts
    return found


@given(title=texts, text=texts, is_todo=st.booleans())
@example(title=HOSTILE[0], text=HOSTILE[1], is_todo=False)
@example(title=HOSTILE[3], text=HOSTILE[3], is_todo=True)
def test_any_text_survives_rendering(title, text, is_todo):
    content = written(entry(title=title, text=text, is_todo=is_todo, has_alarm=True), alarm_days=1, alarm_hour=8)
    found = the_one(content)
    assert found["SUMMARY"].text == one_line(title)
    assert found["DESCRIPTION"].text.removesuffix(found["URL"].value).rstrip("\n") == lines(text).rstrip("\n")
    assert found["URL"].value.endswith("/goals/1/")
    (alarm,) = found.parts
    assert (alarm.name, alarm["DESCRIPTION"].text) == ("VALARM", one_line(title))


@given(title=texts, text=texts)
def test_other_parsers_read_the_same_event(title, text):
    content = written(entry(title=title, text=text))
    (by_vobject,) = vobject.readOne(content.decode(), validate=True).vevent_list
    assert by_vobject.uid.value == uid_of("goal/1")
    assert by_vobject.dtend.value == date(2027, 7, 1)
    (by_icalendar,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert by_icalendar.decoded("dtstart") == date(2027, 6, 30)
    assert not by_icalendar.errors
    if "\\" not in title:  # both take an escaped backslash before an n for a line break
        assert by_vobject.summary.value == one_line(title)
        assert str(by_icalendar["summary"]) == one_line(title)


@pytest.mark.parametrize("title", HOSTILE)
def test_only_unprintable_characters_are_removed(title):
    seen = the_one(written(entry(title=title)))["SUMMARY"].text
    assert not set(seen) & {"\x00", "\r", "\n", "\ud800", "\u202e"}
    letters = [char for char in title if char.isalnum()]
    assert [char for char in seen if char.isalnum()] == letters


@given(title=st.text(st.sampled_from("a;,\\é😀漢"), min_size=40, max_size=200))
def test_folding_splits_no_character(title):
    assert the_one(written(entry(title=title)))["SUMMARY"].text == title


@given(day=days)
def test_all_day_event_ends_the_next_day(day):
    found = the_one(written(entry(day=day)))
    assert found["DTSTART"].parameters == {"VALUE": "DATE"}
    assert found["DTSTART"].value == f"{day.year:04}{day.month:02}{day.day:02}"
    if day == date.max:
        assert "DTEND" not in found
    else:
        after = day + timedelta(days=1)
        assert found["DTEND"].parameters == {"VALUE": "DATE"}
        assert found["DTEND"].value == f"{after.year:04}{after.month:02}{after.day:02}"


def test_event_is_transparent_private_and_dated():
    found = the_one(written(entry()))
    assert found["TRANSP"].value == "TRANSPARENT"
    assert found["CLASS"].value == "PRIVATE"
    assert found["DTSTAMP"].value == found["LAST-MODIFIED"].value == "20270104T120000Z"
    assert found["SEQUENCE"].value == "3"
    assert not found.parts


def test_todo_has_due_date_and_status():
    done_at = datetime(2027, 2, 1, 9, 30, tzinfo=UTC)
    for changes, status in (
        ({}, "NEEDS-ACTION"),
        ({"is_started": True}, "IN-PROCESS"),
        ({"done_at": done_at, "is_started": True}, "COMPLETED"),
    ):
        found = the_one(written(entry(is_todo=True, **changes)))
        assert found.name == "VTODO"
        assert found["STATUS"].value == status
        assert found["DUE"].value == "20270630"
        assert ("COMPLETED" in found) == (status == "COMPLETED")
        assert "DTEND" not in found
    assert found["COMPLETED"].value == "20270201T093000Z"
    assert found["PERCENT-COMPLETE"].value == "100"


@pytest.mark.parametrize(
    ("days_before", "hour", "trigger"),
    [(0, 8, "PT8H"), (1, 8, "-PT16H"), (7, 0, "-P7D"), (7, 23, "-P6DT1H"), (0, 0, "P0D")],
)
def test_alert_trigger(days_before, hour, trigger):
    rings = {"alarm_days": days_before, "alarm_hour": hour}
    (alarm,) = the_one(written(entry(has_alarm=True), **rings)).parts
    assert (alarm["ACTION"].value, alarm["TRIGGER"].value) == ("DISPLAY", trigger)
    assert alarm["TRIGGER"].parameters == {}
    (alarm,) = the_one(written(entry(has_alarm=True, is_todo=True), **rings)).parts
    assert alarm["TRIGGER"].parameters == {"RELATED": "END"}


def test_calendar_has_a_name_and_a_refresh_interval():
    for content in (written(entry()), written()):
        calendar = rfc5545.read(content)
        assert calendar["NAME"].value == calendar["X-WR-CALNAME"].value == "Careerplan"
        assert calendar["REFRESH-INTERVAL"].value == calendar["X-PUBLISHED-TTL"].value == "PT6H"
        assert calendar["REFRESH-INTERVAL"].parameters == {"VALUE": "DURATION"}
        assert "METHOD" not in calendar
        vobject.readOne(content.decode(), validate=True)


def test_uid_depends_on_row_and_server(settings):
    here = uid_of("goal/1")
    assert here == uid_of("goal/1") != uid_of("goal/2")
    settings.BASE_URL = "https://elsewhere.example"
    assert uid_of("goal/1") != here


@pytest.mark.parametrize(
    "changes",
    [{"title": "x"}, {"day": date(2027, 7, 1)}, {"revision": 4}, {"is_todo": True}, {"text": "x"}, {"has_alarm": True}],
)
def test_checksum_changes_with_the_content(changes):
    plain, other = (CalendarContents(entries=(one,), alarm_days=0) for one in (entry(), entry(**changes)))
    assert checksum_of(plain) == checksum_of(dataclasses.replace(plain))
    assert render_calendar(plain) == render_calendar(dataclasses.replace(plain))
    assert checksum_of(plain) != checksum_of(other)
    assert render_calendar(plain) != render_calendar(other)
