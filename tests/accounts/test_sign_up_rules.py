"""Who may sign up, and the consent that is kept with it."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import Consent, Invitation, User
from accounts.sign_up_rules import invitation_url, is_open_for_address
from careerplan.site_settings.services import publish_text, save_settings
from tests.accounts.conftest import SIGN_UP, is_signed_in, sign_in, unique
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def rule(sign_up, domains=()):
    save_settings(values={"sign_up": sign_up, "domains": list(domains)}, version=0)


def invited(email, now=None):
    return services.invite(email=email, now=now or timezone.now())


def open_link(client, invitation):
    return client.get(invitation_url(invitation).removeprefix(settings.BASE_URL))


def publish(kind, *, after=0, asks_again=False):
    return publish_text(kind=kind, text="Rules", asks_again=asks_again, after=after, now=timezone.now())


def templates(response) -> list[str]:
    return [template.name for template in response.templates]


# --- Who may sign up ----------------------------------------------------------------------------------
@pytest.mark.parametrize("sign_up", ["nobody", "invited"])
def test_closed_sign_up_says_so_and_makes_no_account(newcomer, sign_up):
    rule(sign_up)
    for answer in (newcomer.client.get(SIGN_UP), newcomer.sign_up()):
        assert answer.status_code == 200
        assert "account/signup_closed.html" in templates(answer)
    assert not User.objects.exists()


@pytest.mark.parametrize("sign_up", ["nobody", "invited"])
def test_while_sign_up_is_closed_accounts_go_on(client, sign_up):
    rule(sign_up)
    user = UserFactory()
    sign_in(client, user.email)
    assert is_signed_in(client)


def test_only_addresses_at_the_domains_sign_up(newcomer):
    rule("domains", ["northgate.example"])
    for email in ("ann@else.example", "ann@sub.northgate.example", "northgate.example@else.example"):
        assert newcomer.sign_up(email=email).context["form"].has_error("email", "domain")
    assert newcomer.sign_up(email="Ann@Northgate.example").status_code == 302
    assert User.objects.get().email == "ann@northgate.example"


# --- Invitations --------------------------------------------------------------------------------------
@pytest.mark.parametrize("sign_up", ["invited", "domains"])
def test_an_invitation_opens_sign_up_for_its_address_once(newcomer, sign_up):
    rule(sign_up, ["northgate.example"])
    invitation = invited(newcomer.email)
    assert open_link(newcomer.client, invitation).url == SIGN_UP
    assert newcomer.sign_up(email=unique("somebody-else")).status_code == 302  # the field is fixed
    newcomer.enter(newcomer.code())
    assert User.objects.get().email == newcomer.email
    assert Invitation.objects.get().used_at
    again = Client()
    assert open_link(again, invitation).status_code == 404
    assert not again.session.keys()


def test_an_unconfirmed_sign_up_does_not_use_an_invitation_up(newcomer):
    rule("invited")
    invitation = invited(newcomer.email)
    open_link(newcomer.client, invitation)
    newcomer.sign_up()
    newcomer.client = Client()
    open_link(newcomer.client, invitation)
    assert newcomer.client.get(SIGN_UP).context["form"].initial["email"] == newcomer.email


def end_by_time(invitation):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def end_by_operator(invitation):
    assert services.revoke_invitation(invitation=invitation, now=timezone.now())


@pytest.mark.parametrize("end", [end_by_time, end_by_operator])
def test_an_ended_invitation_opens_nothing(newcomer, end):
    rule("invited")
    invitation = invited(newcomer.email)
    opened = Client()
    open_link(opened, invitation)
    end(invitation)
    assert open_link(newcomer.client, invitation).status_code == 404
    assert "account/signup_closed.html" in templates(opened.get(SIGN_UP))  # where it had been opened before, too


def test_a_cancelled_invitation_ends_the_sign_up_that_was_begun_with_it(newcomer):
    invitation = invited(newcomer.email)
    open_link(newcomer.client, invitation)
    newcomer.sign_up()
    end_by_operator(invitation)
    assert not User.objects.exists()


def test_a_cancelled_invitation_leaves_a_sign_up_without_it(newcomer):
    newcomer.sign_up()
    end_by_operator(invited(newcomer.email))
    newcomer.enter(newcomer.code())
    assert User.objects.get().email == newcomer.email


def test_a_used_invitation_knows_nobody(newcomer):
    invitation = invited(newcomer.email)
    open_link(newcomer.client, invitation)
    newcomer.sign_up()
    assert Invitation.objects.get().sign_up == User.objects.get()
    newcomer.enter(newcomer.code())
    assert (Invitation.objects.get().sign_up, User.objects.count()) == (None, 1)


def test_while_nobody_may_sign_up_an_invitation_waits(newcomer):
    rule("nobody")
    open_link(newcomer.client, invited(newcomer.email))
    assert "account/signup_closed.html" in templates(newcomer.client.get(SIGN_UP))


def test_inviting_an_address_again_renews_its_invitation():
    first = invited("Ann@example.org", timezone.now() - timedelta(days=5))
    second = invited("ann@example.org")
    assert (second.pk, second.expires_at > first.expires_at) == (first.pk, True)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert invited("ann@example.org").pk != first.pk


@pytest.mark.parametrize(
    ("sign_up", "expected"), [("everyone", True), ("domains", False), ("invited", False), ("nobody", False)]
)
def test_an_address_confirmed_by_a_provider_follows_the_same_rule(sign_up, expected):
    rule(sign_up, ["northgate.example"])
    assert is_open_for_address("ann@else.example") is expected
    invited("ann@else.example")
    assert is_open_for_address("ann@else.example") is (sign_up != "nobody")
    assert is_open_for_address("ann@northgate.example") is (sign_up in {"everyone", "domains"})


# --- Consent ------------------------------------------------------------------------------------------
def test_nobody_is_asked_to_agree_to_texts_that_do_not_exist(newcomer):
    assert "agrees" not in newcomer.client.get(SIGN_UP).context["form"].fields
    newcomer.sign_up()
    assert not Consent.objects.exists()


def test_sign_up_needs_the_consent_and_keeps_its_version(newcomer):
    publish("terms")
    publish("terms", after=1)
    publish("privacy")
    publish("imprint")
    assert newcomer.sign_up().context["form"].has_error("agrees", "required")
    newcomer.sign_up(agrees="terms:2 privacy:1")
    assert set(Consent.objects.values_list("kind", "number")) == {("terms", 2), ("privacy", 1)}


def test_a_sign_up_with_a_known_address_leaves_no_consent(newcomer):
    publish("terms")
    UserFactory(email=newcomer.email)
    newcomer.sign_up(agrees="terms:1")
    assert not Consent.objects.exists()


def agrees_box(page):
    """The value of the box to tick, and whether it is ticked."""
    box = re.search(r'<input[^>]*name="agrees"[^>]*>', page.content.decode())[0]
    return re.search(r'value="([^"]*)"', box)[1], " checked" in box


def test_a_text_that_changed_since_the_form_was_shown_is_shown_again(newcomer):
    publish("terms")
    assert agrees_box(newcomer.client.get(SIGN_UP)) == ("terms:1", False)
    publish("terms", after=1)
    refused = newcomer.sign_up(agrees="terms:1")
    assert refused.context["form"].has_error("agrees", "changed")
    assert agrees_box(refused) == ("terms:2", False)
    assert not User.objects.exists()
    newcomer.sign_up(agrees="terms:2")
    assert list(Consent.objects.values_list("kind", "number")) == [("terms", 2)]


def test_the_box_stays_ticked_while_another_field_is_wrong(newcomer):
    publish("privacy")
    assert agrees_box(newcomer.sign_up(email="nobody", agrees="privacy:1")) == ("privacy:1", True)


@pytest.mark.parametrize("agrees", ["on", "terms:1 terms:1", "terms:2", "terms:x", "privacy:1"])
def test_consent_to_other_texts_is_refused(newcomer, agrees):
    publish("terms")
    assert newcomer.sign_up(agrees=agrees).context["form"].has_error("agrees", "changed")


def test_a_new_version_that_says_so_asks_again(signed_in, user):
    publish("terms")
    assert signed_in.get("/goals/").status_code == 200  # this version asks nobody who has an account
    publish("terms", after=1, asks_again=True)
    asked = signed_in.get("/goals/?x=1")
    assert asked.url == reverse("accounts:agree") + "?next=%2Fgoals%2F%3Fx%3D1"
    assert signed_in.get(asked.url).context["next"] == "/goals/?x=1"
    read_before = {"next": "/goals/?x=1", "versions": "terms:1"}
    assert signed_in.post(reverse("accounts:agree"), read_before).context["versions"] == "terms:2"
    assert not Consent.objects.exists()
    agreed = signed_in.post(reverse("accounts:agree"), {"next": "/goals/?x=1", "versions": "terms:2"})
    assert agreed.url == "/goals/?x=1"
    assert list(Consent.objects.for_user(user).values_list("kind", "number")) == [("terms", 2)]
    assert signed_in.get("/goals/").status_code == 200
    publish("terms", after=2)
    assert signed_in.get("/goals/").status_code == 200


def test_consent_costs_no_query_once_the_session_knows(signed_in, user, django_assert_num_queries):
    publish("terms", asks_again=True)
    signed_in.post(reverse("accounts:agree"), {"versions": "terms:1"})
    for _visit in range(2):
        signed_in.get(reverse("accounts:settings"))
    with django_assert_num_queries(1):  # the user
        signed_in.get(reverse("accounts:settings"))


@pytest.mark.parametrize(
    "name", ["dashboard:privacy", "site:terms", "account_data:home", "accounts:delete", "account_logout"]
)
def test_before_agreeing_one_can_read_take_the_data_and_leave(signed_in, name):
    publish("terms", asks_again=True)
    assert signed_in.get(reverse(name)).status_code == 200


def test_what_is_posted_before_agreeing_is_saved(signed_in, user):
    publish("terms", asks_again=True)
    signed_in.post(reverse("accounts:settings"), {"name": "Ruth", "time_zone": "UTC", "theme": "dark"})
    user.refresh_from_db()
    assert user.theme == "dark"


# --- Blocked people -----------------------------------------------------------------------------------
def test_a_blocked_person_is_told_only_with_the_right_password(client):
    user = UserFactory(is_active=False)
    stranger, wrong_one, right_one = (
        sign_in(client, unique("nobody")),
        sign_in(client, user.email, "not the password at all"),
        sign_in(client, user.email),
    )
    assert stranger.context["form"].errors == wrong_one.context["form"].errors
    assert right_one.url == reverse("account_inactive")
    assert not is_signed_in(client)
