"""A calendar of somebody, as tests look at it."""

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
    """Choose what goes into somebody's calendar; what is not said is as at first."""

    def choosing(user, parts=EVERYTHING, *, steps_as_todos=False, alarm_days=None, with_done=False):
        choice = services.CalendarSettings(
            parts=tuple(parts), steps_as_todos=steps_as_todos, alarm_days=alarm_days, with_done=with_done
        )
        return services.save_settings(user=user, choice=choice)

    return choosing


@pytest.fixture
def calendar():
    """What somebody's calendar holds, read by our own reader."""

    def reading(user):
        whole = rfc5545.read(render_calendar(queries.calendar_contents(queries.feed_for(user))))
        parts = [part for part in whole.parts if part.name != "VTIMEZONE"]
        assert len({part["UID"].value for part in parts}) == len(parts)
        return parts

    return reading


@pytest.fixture
def address(user):
    """The path of the feed of `user`."""
    serial = queries.feed_for(user).serial
    return reverse("calendar_feed:feed", args=[services.make_address(user=user, seen=serial, now=NOW)])


@pytest.fixture
def program():
    """A calendar program: no cookies, nobody signed in."""
    return Client()
