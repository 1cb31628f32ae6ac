"""What the calendar holds is chosen on its page."""

import re

import pytest

from careerplan.calendar_feed import queries, services
from careerplan.calendar_feed.models import CalendarPart
from careerplan.core.edit_conflicts import StaleObjectError
from tests.calendar_feed import rfc5545
from tests.calendar_feed.page import ALL_CHOSEN, HOME, page_values
from tests.factories.goals import make_goal

pytestmark = pytest.mark.django_db


def test_settings_are_saved_and_shown(user, signed_in, address, program):
    make_goal(user)
    chosen = {"parts": ["steps"], "steps_as": "todos", "alarm": "7", "with_done": "on"}
    signed_in.post(HOME, page_values(signed_in) | chosen)
    (todo,) = rfc5545.read(program.get(address).content).parts
    assert (todo.name, todo.parts[0]["TRIGGER"].value) == ("VTODO", "-P6DT16H")
    page = signed_in.get(HOME).content.decode()
    assert re.findall(r'value="(\w+)"[^>]*checked', page) == ["steps", "todos"]
    assert re.search(r'name="with_done"[^>]*checked', page)
    assert '<option value="7" selected>' in page


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"parts": []}, "parts", "required"),
        ({"parts": ["vision"]}, "parts", "invalid_choice"),
        ({"steps_as": "x"}, "steps_as", "invalid_choice"),
        ({"alarm": "3"}, "alarm", "invalid_choice"),
    ],
)
def test_invalid_settings_are_rejected(user, signed_in, save_settings, wrong, field, code):
    save_settings(user, [CalendarPart.REVIEWS], alarm_days=1)
    response = signed_in.post(HOME, ALL_CHOSEN | page_values(signed_in) | wrong)
    assert response.status_code == 200
    assert response.context["form"].has_error(field, code)
    feed = queries.feed_for(user)
    assert (feed.parts, feed.alarm_days) == (["reviews"], 1)


def test_new_settings_keep_the_address(user, signed_in, address, program):
    signed_in.post(HOME, ALL_CHOSEN)
    assert program.get(address).status_code == 200


def test_settings_from_two_tabs_are_both_saved(user, signed_in, save_settings):
    save_settings(user)
    first_tab = ALL_CHOSEN | page_values(signed_in)
    save_settings(user, alarm_days=7)
    response = signed_in.post(HOME, first_tab | {"steps_as": "todos"}, follow=True)
    assert len(list(response.context["messages"])) == 2
    feed = queries.feed_for(user)
    assert (feed.alarm_days, feed.steps_as_todos) == (7, True)


@pytest.mark.parametrize(("choice", "expected"), [("mine_value", ["goals"]), ("other_value", ["reviews"])])
def test_setting_changed_in_two_tabs_asks_which_to_keep(user, signed_in, save_settings, choice, expected):
    save_settings(user)
    first_tab = ALL_CHOSEN | page_values(signed_in) | {"parts": ["goals"]}
    save_settings(user, [CalendarPart.REVIEWS])
    (conflict,) = signed_in.post(HOME, first_tab).context["form"].conflicts
    assert queries.feed_for(user).parts == ["reviews"]
    assert signed_in.post(HOME, first_tab | {conflict.choice_name: getattr(conflict, choice)}).status_code == 302
    assert queries.feed_for(user).parts == expected


def test_settings_that_another_request_saved_are_not_overwritten(user, save_settings):
    before = save_settings(user)
    save_settings(user, alarm_days=7)
    with pytest.raises(StaleObjectError):
        services.save_settings(feed=before, changes={"alarm_days": 1})
