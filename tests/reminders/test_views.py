"""Reminder settings, and the link that stops emails."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from careerplan.reminders.email_actions.links import stop_token
from careerplan.reminders.kinds import ReminderKind
from careerplan.reminders.models import Preferences
from careerplan.reminders.services import create_due_reminders, save_preferences
from tests.factories.goals import make_goal
from tests.reminders.rounds import MOMENT

pytestmark = pytest.mark.django_db


def stop_path(user, *kinds, days=0, **changes):
    """The address that stops these kinds, or all; of a mail that went out so many days ago."""
    mailed_on = timezone.localdate() - timedelta(days=days)
    named = {"user_id": user.pk, "address": user.email, "mailed_on": mailed_on, **({"kinds": kinds} if kinds else {})}
    return reverse("reminders:stop", args=[stop_token(**named | changes)])


@pytest.fixture
def mail_client():
    """A mail client: no cookies, no token."""
    return Client(enforce_csrf_checks=True)


def test_one_click_stops_the_kind_without_cookie_or_redirect(user, mail_client):
    response = mail_client.post(stop_path(user, "step_due"), {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert Preferences.objects.get(user=user).muted_kinds == ["step_due"]
    make_goal(user, step_due_on=date(2027, 3, 12))
    assert create_due_reminders(as_of=MOMENT, now=MOMENT) == 0


def test_one_click_may_be_urlencoded_and_repeated(user, mail_client):
    for _ in range(2):
        body, kind = "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"
        assert mail_client.post(stop_path(user, "step_due"), body, content_type=kind).status_code == 200
    assert Preferences.objects.get(user=user).muted_kinds == ["step_due"]


def test_get_of_a_stop_link_changes_nothing(user, mail_client):
    page = mail_client.get(stop_path(user, "step_due"))
    assert page.context["kinds"] == [ReminderKind.STEP_DUE]
    assert str(ReminderKind.STEP_DUE.label) in page.text
    assert not Preferences.objects.exists()


def test_stop_page_shows_no_address(user, mail_client):
    """A mail may have been forwarded, and the person may have another address now."""
    path = stop_path(user, "step_due")
    for response in (mail_client.get(path), mail_client.post(path), mail_client.post(path, {"all": "1"})):
        assert response.status_code == 200
        assert user.email not in response.text
        assert user.name not in response.text


def test_link_of_the_header_stops_all_kinds(user, mail_client):
    save_preferences(user=user, hour=6)
    mail_client.post(stop_path(user), {"List-Unsubscribe": "One-Click"})
    preferences = Preferences.objects.get(user=user)
    assert (preferences.hour, preferences.muted_kinds) == (6, sorted(ReminderKind.values))


def test_link_for_some_kinds_stops_no_others(user, mail_client):
    path = stop_path(user, "step_due")
    assert 'name="all"' not in mail_client.get(path).text
    mail_client.post(path, {"all": "1"})
    assert Preferences.objects.get(user=user).muted_kinds == ["step_due"]


def test_user_who_is_signed_in_can_stop_all_kinds(user, other_user, signed_in):
    assert 'name="all"' in signed_in.get(stop_path(user, "step_due")).text
    signed_in.post(stop_path(user, "step_due"), {"all": "1"})
    assert Preferences.objects.get(user=user).muted_kinds == sorted(ReminderKind.values)
    signed_in.post(stop_path(other_user, "step_due"), {"all": "1"})
    assert Preferences.objects.get(user=other_user).muted_kinds == ["step_due"]


def test_used_stop_link_says_so_and_changes_nothing(user, mail_client):
    path = stop_path(user, "step_due", "overdue")
    save_preferences(user=user, muted_kinds=["step_due"])
    assert not mail_client.get(path).context["stopped_before"]  # one of the two kinds is still sent
    mail_client.post(path)
    before = Preferences.objects.values().get()
    response = mail_client.get(path)
    assert response.context["stopped_before"]
    page = response.text
    assert reverse("reminders:settings") in page
    assert user.email not in page
    assert user.name not in page
    assert Preferences.objects.values().get() == before


@pytest.mark.parametrize("damage", [lambda t: t[:-2] + "xx/", lambda t: "/reminders/stop/x/"])
def test_invalid_stop_link_is_not_found(user, mail_client, damage):
    path = damage(stop_path(user, "step_due"))
    for page in (mail_client.post(path), mail_client.get(path)):
        assert page.status_code == 404
        assert reverse("reminders:settings") in page.text
        assert "noindex" in page.headers["X-Robots-Tag"]
    assert not Preferences.objects.exists()


@pytest.mark.parametrize(("days", "status"), [(0, 200), (60, 200), (61, 410)])
@pytest.mark.parametrize("kinds", [(), ("step_due",)])
def test_stop_link_works_for_sixty_days(user, mail_client, kinds, days, status):
    path = stop_path(user, *kinds, days=days)
    for page in (mail_client.get(path), mail_client.post(path)):
        assert page.status_code == status
    assert Preferences.objects.exists() == (status == 200)


def test_stop_link_is_void_after_a_change_of_address(user, mail_client):
    path = stop_path(user, address="earlier@example.org")
    assert mail_client.post(path).status_code == 404
    assert not Preferences.objects.exists()


@pytest.mark.parametrize("place", [0, 1])
def test_number_of_a_stop_link_has_one_spelling(user, mail_client, place):
    *before, token, end = stop_path(user, "step_due").split("/")
    parts = token.split(".")
    parts[place] = "0" + parts[place]
    assert mail_client.post("/".join([*before, ".".join(parts), end])).status_code == 404


def test_stop_link_of_a_deleted_account_is_not_found(user, mail_client):
    path = stop_path(user, "step_due")
    user.delete()
    for page in (mail_client.post(path), mail_client.get(path)):
        assert page.status_code == 404


def test_settings_are_saved_together(signed_in, user):
    page = signed_in.get(reverse("reminders:settings")).content.decode()
    assert re.search(r'<option value="8" selected>8:00</option>', page)
    kinds = [kind for kind in ReminderKind.values if kind != "step_due"]
    posted = {"hour": "20", "weekly_maximum": "3", "kinds": kinds, "goal_leads": ["7", "14"], "step_leads": []}
    assert signed_in.post(reverse("reminders:settings"), posted).status_code == 302
    preferences = Preferences.objects.get(user=user)
    assert (preferences.hour, preferences.weekly_maximum, preferences.muted_kinds) == (20, 3, ["step_due"])
    assert (preferences.goal_leads, preferences.step_leads) == ([14, 7], [])


def test_settings_have_one_button_and_say_what_will_be_sent(client, user, goal, time_machine):
    time_machine.move_to(MOMENT, tick=False)
    client.force_login(user)
    page = client.get(reverse("reminders:settings")).content.decode()
    form = page.split(f'action="{reverse("reminders:settings")}"')[1].split("</form>")[0]
    assert form.count("<button") == 1
    assert reverse("reminders:upcoming") in page.split('data-testid="sends"')[1].split("</p>")[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"hour": "24"}, {"hour": "x"}, {"hour": ""}, {"weekly_maximum": "0"}, {"weekly_maximum": "8"},
        {"goal_leads": ["3"]}, {"step_leads": ["-1"]}, {"kinds": ["everything"]},
    ],
)  # fmt: skip
def test_invalid_settings_are_rejected(signed_in, wrong):
    posted = {"hour": "6", "weekly_maximum": "2", "goal_leads": ["14"], "kinds": ["overdue"]}
    response = signed_in.post(reverse("reminders:settings"), posted | wrong)
    assert response.context["form"].errors
    assert "Error: " in response.content.decode()
    assert not Preferences.objects.exists()
