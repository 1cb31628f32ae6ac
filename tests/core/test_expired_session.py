"""An expired session gives the typed text back after signing in: to the same user only."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.middleware import SIGNED_OUT_SAVED, SIGNED_OUT_TOO_LONG, SignInMiddleware
from careerplan.core.expired_session import MAX_CHARACTERS, RESTORED, SESSION_KEY
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.models import Pause, Plan
from careerplan.skills.models import Assessment
from tests.conflicts import conflicts_in, shown_in
from tests.factories.accounts import PASSWORD
from tests.factories.goals import make_goal, only_step
from tests.factories.skills import make_draft

pytestmark = pytest.mark.django_db

NEW, TODAY, SIGN_IN = "/goals/new/", "/today/", "/account/login/"
NOTE = str(RESTORED)
WHY = "Because I want to: größer & <b>schöner</b>\r\n+ 100 %"
TYPED = {
    "area": "personal",
    "title": "Run a marathon",
    "measure_kind": "yes_no",
    "done_when": "I crossed the line",
    "starts_on": "2027-01-01",
    "due_on": "2099-12-31",
    "why": WHY,
    "step_title": "Buy shoes",
    "step_due_on": "2099-01-31",
    "form_key": "6d1ae0d6-61c7-4a67-8ea4-7e8e0bb4a1a1",
}


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def window(user):
    """A browser in which `user` signed in and looked at a page."""
    window = Client()
    sign_in(window, user)
    window.get(TODAY)
    return window


def sign_in(window, user, where=""):
    """Sign in by the form, as people do; gives the answer, and the page it leads to."""
    answers = {"login": user.email, "password": PASSWORD} | ({"next": where} if where else {})
    return window.post(SIGN_IN, answers, follow=True)


def expire(window):
    """The session ends; the other cookies stay."""
    del window.cookies[settings.SESSION_COOKIE_NAME]


def next_of(response):
    parts = urlsplit(response.url)
    assert parts.path == SIGN_IN
    return parse_qs(parts.query)["next"][0]


def send_without_session(window, path=NEW, data=TYPED, **kwargs):
    expire(window)
    return window.post(path, data, **kwargs)


def field(response, name):
    return response.context["form"][name].value()


def test_post_is_restored_after_signing_in_and_can_be_saved(window, user):
    where = next_of(send_without_session(window))
    assert where == NEW
    assert str(SIGNED_OUT_SAVED) in window.get(SIGN_IN).content.decode()
    page = sign_in(window, user, where)
    assert (page.status_code, page.request["PATH_INFO"]) == (200, NEW)
    assert NOTE in page.content.decode()
    assert {name: field(page, name) for name in TYPED} == TYPED
    assert not page.context["form"].errors
    assert Goal.objects.count() == 0  # nothing is saved without a click
    assert window.post(NEW, TYPED).status_code == 302
    assert Goal.objects.get().why == "Because I want to: größer & <b>schöner</b>\n+ 100 %"
    again = window.get(NEW)
    assert field(again, "title") is None
    assert NOTE not in again.content.decode()
    assert SESSION_KEY not in window.session


def test_restored_post_stays_after_a_reload_and_can_be_discarded(window, user):
    goal = make_goal(user, title="As it is saved")
    path = reverse("goals:edit", args=[goal.pk])
    page = sign_in(window, user, next_of(send_without_session(window, path)))
    assert field(page, "title") == "Run a marathon"
    assert field(window.get(path), "title") == "Run a marathon"
    without = window.get(path, {"without": "1"})
    assert field(without, "title") == "As it is saved"
    assert NOTE not in without.content.decode()
    assert field(window.get(path), "title") == "Run a marathon"


def test_another_user_of_the_browser_deletes_saved_posts(window, user, other_user):
    where = next_of(send_without_session(window))
    page = sign_in(window, other_user, where)
    assert field(page, "title") is None
    assert "marathon" not in page.content.decode()
    expire(window)
    page = sign_in(window, user, where)
    assert field(page, "title") is None
    assert "marathon" not in page.content.decode()


def test_saved_post_needs_a_session(window):
    send_without_session(window)
    for path in (NEW, SIGN_IN, "/"):
        assert "marathon" not in window.get(path, follow=True).content.decode()


def test_saved_post_stays_in_its_browser(window, user):
    send_without_session(window)
    elsewhere = Client()
    assert field(sign_in(elsewhere, user, NEW), "title") is None


def test_signing_out_deletes_the_cookie(window, user):
    window.post("/account/logout/")
    assert window.cookies[settings.LAST_USER_COOKIE_NAME].value == ""
    window.post(NEW, TYPED)
    assert field(sign_in(window, user, NEW), "title") is None


def test_signing_out_deletes_saved_posts(window, user):
    send_without_session(window)
    cookie = window.cookies[settings.LAST_USER_COOKIE_NAME].value
    sign_in(window, user)
    window.post("/account/logout/")
    window.cookies[settings.LAST_USER_COOKIE_NAME] = cookie
    assert field(sign_in(window, user, NEW), "title") is None


@pytest.mark.parametrize("forged", ["1.place:x:y", "", "1.place"])
def test_forged_cookie_is_ignored(window, user, forged):
    window.cookies[settings.LAST_USER_COOKIE_NAME] = forged
    send_without_session(window)
    assert field(sign_in(window, user, NEW), "title") is None


def test_cookie_is_http_only_and_new_for_each_user(window, user, other_user):
    cookie = window.cookies[settings.LAST_USER_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    before = cookie.value
    window.get(TODAY)
    assert window.cookies[settings.LAST_USER_COOKIE_NAME].value == before
    expire(window)
    sign_in(window, other_user)
    assert window.cookies[settings.LAST_USER_COOKIE_NAME].value != before


def test_saved_post_expires_after_an_hour(window, user, monkeypatch):
    monkeypatch.setattr("careerplan.core.expired_session.SAVED_SECONDS", 0)
    send_without_session(window)
    assert field(sign_in(window, user, NEW), "title") is None


def test_last_post_of_each_page_is_saved(window, user):
    path = reverse("goals:edit", args=[make_goal(user).pk])
    send_without_session(window)
    window.post(NEW, TYPED | {"title": "The second time"})
    window.post(path, TYPED | {"title": "Another page"})
    assert field(sign_in(window, user, NEW), "title") == "The second time"
    assert field(window.get(path), "title") == "Another page"
    window.post(NEW, TYPED)
    assert field(window.get(path), "title") == "Another page"


def test_too_long_post_is_not_saved_with_a_message(window, user):
    path = reverse("goals:edit", args=[make_goal(user).pk])
    send_without_session(window, path)
    window.post(NEW, TYPED | {"why": "x" * MAX_CHARACTERS})
    assert str(SIGNED_OUT_TOO_LONG) in window.get(SIGN_IN).content.decode()
    assert field(sign_in(window, user, NEW), "why") is None
    assert field(window.get(path), "title") == "Run a marathon"


def test_secrets_and_tokens_are_not_saved(window, user):
    send_without_session(window, data=TYPED | {"csrfmiddlewaretoken": "T0KEN", "old_Password": "s3cret"})
    window.post("/account/password/change/", {"oldpassword": "s3cret", "password1": "s3cret too"})
    window.post("/account/email/", {"email": "new@example.org", "action_add": ""})
    sign_in(window, user)
    stored = str(cache.get(window.session[SESSION_KEY]))
    assert "marathon" in stored
    for secret in ("T0KEN", "s3cret", "new%40example", "csrf"):
        assert secret not in stored


@pytest.mark.parametrize(("site", "shown"), [("same-origin", ["Learn to weld"]), ("cross-site", []), ("", [])])
def test_form_without_a_token_shows_what_was_typed_on_our_pages(user, site, shown):
    window = Client(enforce_csrf_checks=True)
    window.force_login(user)
    typed = {"title": "Learn to weld", "oldpassword": "a long secret", "csrfmiddlewaretoken": "no token"}
    answer = window.post(NEW, typed, headers={"sec-fetch-site": site})
    assert answer.status_code == 403
    assert answer.context["typed"] == shown


def test_csrf_token_is_checked_before_saving_a_post(user):
    window = Client(enforce_csrf_checks=True)
    window.force_login(user)
    window.get(NEW)
    expire(window)
    assert window.post(NEW, TYPED).status_code == 403
    window.force_login(user)
    window.get(TODAY)
    assert field(window.get(NEW), "title") is None


def test_refused_form_keeps_the_saved_post(window, user):
    """The tab that was open had the token of the session before: it is refused, and the text is still there."""
    sign_in(window, user, next_of(send_without_session(window)))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = window.cookies
    assert strict.post(NEW, TYPED).status_code == 403
    assert field(window.get(NEW), "title") == "Run a marathon"


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_sign_in_leads_to_no_other_site(window, user, where):
    expire(window)
    assert sign_in(window, user, where).redirect_chain[-1][0] == TODAY


def test_lost_action_is_not_repeated(window, user):
    goal = make_goal(user)
    path = reverse("goals:step-complete", args=[only_step(goal).pk])
    page = f"http://testserver{goal.get_absolute_url()}"
    where = next_of(send_without_session(window, path, {"from": "today"}, headers={"referer": page}))
    assert where == goal.get_absolute_url()
    shown = sign_in(window, user, where).content.decode()
    assert "Do it again here." in shown
    assert only_step(goal).state == ActionStep.State.TO_DO
    assert "was not done" not in window.get(where).content.decode()


@pytest.mark.parametrize(
    "referer", ["", "https://evil.example/goals/", "javascript:alert(1)", "http://testserver//evil.example/"]
)
def test_lost_action_without_a_page_redirects_to_today(window, user, referer):
    path = reverse("goals:step-complete", args=[only_step(make_goal(user)).pk])
    assert next_of(send_without_session(window, path, {}, headers={"referer": referer})) == TODAY


def test_wizard_page_is_restored(window, user):
    draft = make_draft(user)
    path = reverse("skills:page", args=["where-you-are"])
    typed = {"career_stage": "changing", "current_role": "Nurse", **shown_in(window.get(path))}
    page = sign_in(window, user, next_of(send_without_session(window, path, typed | {"go": "next"})))
    assert (field(page, "career_stage"), field(page, "current_role")) == ("changing", "Nurse")
    assert Assessment.objects.get(pk=draft.pk).current_role == ""
    assert window.post(path, typed | shown_in(page) | {"go": "next"}).status_code == 302
    assert Assessment.objects.get(pk=draft.pk).current_role == "Nurse"


def test_restored_wizard_page_shows_edit_conflicts(window, user):
    draft = make_draft(user)
    path = reverse("skills:page", args=["where-you-are"])
    typed = {"career_stage": "changing", "current_role": "Nurse", **shown_in(window.get(path))}
    where = next_of(send_without_session(window, path, typed | {"go": "next"}))
    phone = Client()
    phone.force_login(user)
    phone.post(path, {**typed, "current_role": "Ward sister", **shown_in(phone.get(path))})
    page = sign_in(window, user, where)
    assert conflicts_in(page) == {"current_role": ("Not set", "Ward sister", "Nurse")}
    assert window.post(path, typed | shown_in(page) | {"go": "next"}).status_code == 200  # still asks
    assert Assessment.objects.get(pk=draft.pk).current_role == "Ward sister"


def test_autosave_adds_one_message(window, user):
    make_draft(user)
    path = reverse("skills:page", args=["where-you-are"])
    expire(window)
    for _ in range(3):
        window.post(path, {"current_role": "Nurse", "go": "stay"}, headers={"accept": "application/json"})
    assert "You were signed out" not in window.get(SIGN_IN).content.decode()
    assert field(sign_in(window, user, path), "current_role") == "Nurse"


def test_settings_page_is_restored(window, user):
    path = reverse("accounts:settings")
    sent = send_without_session(window, path, {"name": "Ruth A.", "time_zone": "Europe/Berlin"})
    page = sign_in(window, user, next_of(sent))
    assert (field(page, "name"), field(page, "time_zone")) == ("Ruth A.", "Europe/Berlin")


def test_sign_in_middleware_is_ours():
    assert f"{SignInMiddleware.__module__}.{SignInMiddleware.__name__}" in settings.MIDDLEWARE


def forms_of_the_plan(user):
    """What a user sends on the pages that change the plan as a whole, each complete and right."""
    plan, step = Plan.objects.get(user=user), only_step(Goal.objects.get())
    start, end = timezone.localdate(), timezone.localdate() + timedelta(days=6)
    return {
        "plans:new-plan": {"plan": plan.pk, "title": "Next", "closing_notes": "Well.", "goals": []},
        "plans:edit": {"title": "Another title", "priorities": "", "currency": ""},
        "plans:pause": {
            "starts_on": start,
            "ends_on": end,
            "reason": "illness",
            "form_key": "6d1ae0d6-61c7-4a67-8ea4-7e8e0bb4a1a1",
            "shown": f"{start}/{end}",
        },
        "plans:catch-up": {
            f"step-{step.pk}": "drop",
            f"step-{step.pk}-due_on": step.due_on.isoformat(),
            "confirmed": "on",
        },
    }


def rows():
    return [list(model.objects.order_by("pk").values_list()) for model in (Plan, Pause, Goal, ActionStep)]


@pytest.mark.parametrize("name", ["plans:new-plan", "plans:edit", "plans:pause", "plans:catch-up"])
def test_restored_post_is_never_saved_on_get(window, user, name):
    today = timezone.localdate()
    make_goal(user, due_on=today + timedelta(days=3), step_due_on=today - timedelta(days=1))
    typed = forms_of_the_plan(user)[name] | shown_in(window.get(reverse(name)))
    before = rows()
    page = sign_in(window, user, next_of(send_without_session(window, reverse(name), typed)))
    assert (page.status_code, page.request["PATH_INFO"]) == (200, reverse(name))
    assert NOTE in page.content.decode()
    assert rows() == before
    window.get(reverse(name))
    assert rows() == before
    posted = window.post(reverse(name), typed)  # the very answers that a click does save
    assert rows() != before, posted.context and posted.context["form"].errors
