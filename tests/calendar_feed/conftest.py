"""Fixtures of calendars."""

import pytest
from django.test import Client
from django.urls import reverse

from careerplan.calendar_feed import queries, services
from careerplan.calendar_feed.ics import render_calendar
from careerplan.calendar_feed.models import CalendarPart
from tests.calendar_feed import rfc5545
from tests.factories.goals import NOW

EVERYTHING = tuple(CalendarPart)


@pytest.fixture
def save_settings():
    """Save the settings of a person's calendar; the rest has its default."""

    def choosing(user, parts=EVERYTHING, *, steps_as_todos=False, alarm_days=None, with_done=False):
        changes = {
            "parts": list(parts),
            "steps_as_todos": steps_as_todos,
            "alarm_days": alarm_days,
            "with_done": with_done,
        }
        return services.save_settings(feed=queries.feed_for(user), changes=changes)

    return choosing


@pytest.fixture
def calendar():
    """The components of a person's calendar, read by the parser of the tests."""

    def reading(user):
        calendar = rfc5545.read(render_calendar(queries.calendar_contents(queries.feed_for(user))))
        parts = [part for part in calendar.parts if part.name != "VTIMEZONE"]
        assert len({part["UID"].value for part in parts}) == len(parts)
        return parts

    return reading


@pytest.fixture
def address(user):
    """The path of the feed of `user`."""
    token = services.make_address(feed=queries.feed_for(user), now=NOW)
    return reverse("calendar_feed:feed", args=[token])


@pytest.fixture
def program():
    """A calendar app: no cookies, not signed in."""
    return Client()
