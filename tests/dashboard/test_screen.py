"""Today fits on a screen of 1280 x 800, whatever day it is and however much there is to do."""

from datetime import UTC, datetime

import pytest
import time_machine

from careerplan.goals.models import ActionStep
from careerplan.local.demo import load_demo
from tests.dashboard.today import NOON, done_step, steps_on
from tests.factories.catalogue import copy_shipped_catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTH, HEIGHT = 1280, 800
# Each day of the week; among them a month's end, 31 December, 29 February, and both days on which clocks change.
DAYS = [
    datetime(2028, 7, 31, 9, tzinfo=UTC),
    datetime(2028, 2, 29, 9, tzinfo=UTC),
    datetime(2027, 3, 31, 9, tzinfo=UTC),
    datetime(2026, 12, 31, 9, tzinfo=UTC),
    datetime(2027, 12, 31, 9, tzinfo=UTC),
    datetime(2026, 11, 28, 9, tzinfo=UTC),
    datetime(2027, 3, 28, 9, tzinfo=UTC),
    datetime(2027, 10, 31, 9, tzinfo=UTC),
]


def height_used(page) -> float:
    """How far down the agenda and the legend of the timeline reach, in CSS pixels."""
    page.goto("/today/")
    boxes = [page.locator(name).bounding_box() for name in ("[data-testid=agenda]", ".cp-timeline-legend")]
    return max(box["y"] + box["height"] for box in boxes)


def test_demo_fits_on_every_day(open_page):
    copy_shipped_catalogue()
    assert {day.weekday() for day in DAYS} == set(range(7))
    heights = {}
    for day in DAYS:
        with time_machine.travel(day):
            page = open_page(load_demo(now=day), viewport={"width": WIDTH, "height": HEIGHT})
            heights[f"{day:%a %d %b %Y}"] = height_used(page)
            page.context.close()
    assert {day: height for day, height in heights.items() if height > HEIGHT} == {}


@pytest.mark.parametrize("title", ["Ask", "Ask Dr Osei to watch a rehearsal of the talk about the falls audit"])
def test_much_to_do_fits(open_page, user, title):
    with time_machine.travel(NOON):
        steps_on(user, -9, -8, -7, 0, 1, 2, 3, 6, 7, 8, 22, 30, 31, 60)
        done_step(user)
        ActionStep.objects.update(title=title)
        page = open_page(user, viewport={"width": WIDTH, "height": HEIGHT})
        assert height_used(page) <= HEIGHT
