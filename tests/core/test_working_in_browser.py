"""A form whose answer takes longer than a second says so, once."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_form_that_takes_long_says_that_it_works(open_page):
    user = UserFactory()
    address = reverse("goals:reached", args=[make_goal(user).pk])
    page = open_page(user)
    page.goto(address)
    expect(page.locator(".cp-working")).to_have_count(0)
    # Into another window, because Playwright asks nothing of a page that waits for its next one; and no answer comes.
    page.evaluate("document.querySelector('main form').target = 'elsewhere'")
    page.context.route(f"**{address}", lambda _route: None)
    page.get_by_role("button", name="Mark as reached").click(no_wait_after=True)
    expect(page.locator(".cp-working")).to_be_visible()
    expect(page.locator(".cp-working")).not_to_be_empty()
