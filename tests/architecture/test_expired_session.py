"""What was typed before a session ended is shown on the page of its form, for every form there is, and nothing is done.

Each page that takes a POST is in `FORMS`, or says with @nothing_typed that its form is a button, or is in `NO_FORMS`.

For each it is also sent with a click: these very answers are saved then, so a page that did it by itself would show.
"""

import re
from copy import deepcopy
from inspect import getclosurevars

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from careerplan.core.expired_session import RESTORED, SESSION_KEY, keeps_post
from tests.architecture import routes
from tests.architecture.form_answers import (
    FORMS,
    NO_FORMS,
    OPERATOR_FORMS,
    OPERATOR_NO_FORMS,
    SAVES_NOTHING,
    a_step,
    new_goal,
)
from tests.architecture.test_routes import ALL, SIGNED_IN, address_of, objects
from tests.conflicts import shown_in
from tests.database import fingerprint, rows_written, undone
from tests.operators.conftest import make_operator, window_of

pytestmark = pytest.mark.django_db

__all__ = ["objects"]  # the fixture
NOTE = str(RESTORED)
TYPED = re.compile(r"<(?:input(?![^>]*type=.hidden)|textarea|select)[^>]*>")
PLACE = "kept.of-a-test"
PAGES = sorted(set(SIGNED_IN) - routes.POST_ONLY)


def test_listed_forms_are_pages():
    assert set(FORMS) <= set(PAGES) <= set(ALL)


def test_every_page_that_takes_a_post_is_a_form_or_says_why_not():
    taking = {name for name in PAGES if takes_post(ALL[name].pattern.callback)}
    buttons = {name for name in taking if not keeps_post(ALL[name].pattern.callback)}
    assert taking == set(FORMS) | buttons | set(NO_FORMS) & taking
    assert not set(FORMS) & (buttons | set(NO_FORMS))
    assert not buttons & set(NO_FORMS)


def takes_post(view):
    """Whether one of its methods is POST, by Django's decorators; a view without them takes what it likes."""
    while view is not None:
        methods = getclosurevars(view).nonlocals.get("request_method_list") if hasattr(view, "__code__") else None
        if methods is not None:
            return "POST" in methods
        view = getattr(view, "__wrapped__", None)
    return True


def test_pages_of_operators_keep_what_was_typed(user, subtests):
    taking = {name for name in routes.OPERATOR if takes_post(ALL[name].pattern.callback)}
    assert {name for name in taking if keeps_post(ALL[name].pattern.callback)} == {*OPERATOR_FORMS, *OPERATOR_NO_FORMS}
    window = window_of(make_operator())
    for name, typed in OPERATOR_FORMS.items():
        with subtests.test(name), undone():
            cache.clear()
            path = reverse(name, args=[user.pk, "block"]) if name == "operators:act" else address_of(name, {})
            show_and_send(window, path, typed, name)


# They need answers in the address, a text to agree to, the password.
ELSEWHERE = {"explore:keep", "accounts:agree", "accounts:password-remove"}


def test_a_page_that_keeps_nothing_has_only_buttons(user, objects, subtests):
    window = Client()
    window.force_login(user)
    for name in PAGES:
        if keeps_post(ALL[name].pattern.callback) or name in ELSEWHERE:
            continue
        with subtests.test(name):
            content = window.get(address_of(name, objects), follow=True).content.decode().split("<main", 1)[1]
            assert not TYPED.findall(content), "what is typed on this page is not kept: let it use form_data"


def test_saved_posts_are_shown_by_every_form_and_saved_by_none(user, objects, subtests):
    for name in PAGES:
        with subtests.test(name), undone():
            cache.clear()
            follow(user, deepcopy(objects), name)


def follow(user, objects, name):
    """Open a page with answers that were kept for it; of a form twice, then send them."""
    today = timezone.localdate()
    typed = FORMS[name](objects, today) if name in FORMS else {**new_goal(objects, today), **a_step(objects, today)}
    window = Client()
    window.force_login(user)
    show_and_send(window, address_of(name, objects), typed, name)


def show_and_send(window, path, typed, name):
    if is_form := name in FORMS or name in OPERATOR_FORMS:
        typed = typed | shown_in(window.get(path))
    session = window.session
    session[SESSION_KEY] = PLACE
    session.save()
    cache.set(PLACE, {path: urlencode({field: str(answer) for field, answer in typed.items()})}, 60)
    before = rows_written()
    shown = [shows_what_was_kept(window.get(path)) for _ in range(2 if is_form else 1)]
    assert rows_written() == before
    assert set(shown) == {is_form}, "a page that shows what was kept is a form: say in FORMS what is sent on it"
    if is_form:
        unsaved = fingerprint()
        window.post(path, {field: str(answer) for field, answer in typed.items()})
        assert name in SAVES_NOTHING or fingerprint() != unsaved, (
            "these answers are not complete: a page that saved them would not be noticed"
        )


def shows_what_was_kept(page):
    return page.status_code == 200 and NOTE.encode() in page.getvalue()
