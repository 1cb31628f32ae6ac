"""Pages without anything yet: a drawn example, one button, and the minutes it takes."""

import re

import pytest
from django.urls import reverse

from tests.factories.goals import make_goal

pytestmark = pytest.mark.django_db
PRIMARY = re.compile(r'class="btn btn-primary"')
MINUTES = re.compile(r"\d+ minutes?|or \d+ for")
EMPTY = ("dashboard:today", "goals:list", "goals:steps", "plans:plan", "opportunities:list", "reviews:list")


@pytest.mark.parametrize("route", [*EMPTY, "skills:start"])
def test_an_empty_page_shows_an_example_one_button_and_the_minutes(signed_in, route):
    page = signed_in.get(reverse(route)).content.decode()
    assert page.count("cp-drawn") >= 1
    assert len(PRIMARY.findall(page)) == 1
    assert MINUTES.search(page)


@pytest.mark.parametrize("route", ["goals:list", "goals:steps", "reviews:list"])
def test_the_example_goes_with_the_first_goal(signed_in, user, route):
    make_goal(user)
    assert "cp-drawn" not in signed_in.get(reverse(route)).content.decode()


def test_a_search_without_hits_shows_what_a_search_finds(signed_in, user):
    make_goal(user)
    address = reverse("dashboard:search")
    assert "cp-drawn" in signed_in.get(address, {"q": "dentist"}).content.decode()
    assert "cp-drawn" not in signed_in.get(address, {"q": "shifts"}).content.decode()
