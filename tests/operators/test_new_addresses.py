"""Operators give somebody another address, and invite people."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.services import begin_with_invitation, invite, revoke_invitation
from careerplan.operators.actors import SYSTEM
from careerplan.operators.models import AuditEntry
from careerplan.operators.services.people import AddressTaken, change_address
from tests.accounts.conftest import is_signed_in, sign_in
from tests.factories.accounts import PASSWORD, UserFactory
from tests.operators.conftest import make_operator

pytestmark = pytest.mark.django_db

PEOPLE = "/operator/"


def act(window, user, name, **data):
    return window.post(reverse("operators:act", args=[user.pk, name]), data)


def person_page(window, user):
    return window.get(reverse("operators:person", args=[user.pk]))


def actions(user) -> list[str]:
    return list(AuditEntry.objects.filter(person_id=user.pk).order_by("pk").values_list("action", flat=True))


def rows(response) -> list[str]:
    return [row.email for row in response.context["page"].rows]


def test_the_address_of_another_operator_is_not_changed(window):
    other = make_operator(name="Jan Maas")
    act(window, other, "address", why="Lost the mailbox", email="new@example.net")
    assert not mail.outbox
    assert actions(other) == []


# --- Another address ----------------------------------------------------------------------------------
def link_in(message) -> str:
    return next(line.split("//", 1)[1] for line in message.body.splitlines() if "/account/address/" in line)


def new_address_link(window, user, email="new@example.net") -> str:
    mail.outbox.clear()
    act(window, user, "address", why="Lost the mailbox", email=email)
    told, asked = mail.outbox
    assert (told.to, asked.to) == ([user.email], [email])
    return "/" + link_in(asked).split("/", 1)[1].strip()


def test_an_address_changes_when_its_owner_confirms_it(window, user):
    sign_in(signed_in := Client(), user.email)
    link = new_address_link(window, user)
    assert Client().get(link).status_code == 200
    user.refresh_from_db()
    assert user.email != "new@example.net"
    mail.outbox.clear()
    old = user.email
    assert Client().post(link).status_code == 200
    user.refresh_from_db()
    assert user.email == "new@example.net"
    assert EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary").get() == (
        "new@example.net",
        True,
        True,
    )
    assert [message.to for message in mail.outbox] == [[old]]
    assert not is_signed_in(signed_in)
    sign_in(client := Client(), "new@example.net", PASSWORD)
    assert is_signed_in(client)
    assert Client().post(link).status_code == 404
    assert actions(user) == ["address_asked", "address_changed"]


def test_an_address_that_somebody_took_in_between_is_refused(window, user):
    link = new_address_link(window, user)
    UserFactory(email="new@example.net")
    assert Client().post(link).status_code == 404


def test_a_link_asked_for_before_the_account_became_an_operator_opens_nothing(window, user):
    link = new_address_link(window, user)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    assert (Client().get(link).status_code, Client().post(link).status_code) == (404, 404)
    assert User.objects.get(pk=user.pk).email == user.email


@pytest.mark.parametrize("column", [{"is_active": False}, {"is_staff": True}, {"email": "other@example.net"}])
def test_an_account_that_changed_meanwhile_keeps_its_address(user, column):
    User.objects.filter(pk=user.pk).update(**column)
    with pytest.raises(AddressTaken):
        change_address(actor=SYSTEM, user=user, email="new@example.net", now=timezone.now())


def test_an_unfinished_sign_up_does_not_hold_an_address(window, user):
    UserFactory(email="new@example.net", confirmed=False)
    assert Client().post(new_address_link(window, user)).status_code == 200


@pytest.mark.parametrize(("email", "code"), [("taken@example.net", "taken"), (None, "same"), ("x", "invalid")])
def test_addresses_that_cannot_be_used_are_refused(window, user, email, code):
    UserFactory(email="taken@example.net")
    form = act(window, user, "address", why="Lost", email=email or user.email).context["form"]
    assert form.has_error("email", code)


# --- Invitations --------------------------------------------------------------------------------------
def test_inviting_sends_a_link_and_is_written_down(window):
    window.post(reverse("operators:invitations"), {"email": "Guest@example.net"})
    invitation = Invitation.objects.get()
    assert "/account/invitation/" in mail.outbox[0].body
    assert AuditEntry.objects.get().details == {"invitation": invitation.pk}
    assert "guest@example.net" in window.get(reverse("operators:invitations")).content.decode()
    window.post(reverse("operators:invitation-cancel", args=[invitation.pk]))
    invitation.refresh_from_db()
    assert invitation.revoked_at
    assert AuditEntry.objects.order_by("-pk").first().action == "invitation_cancelled"


def test_an_address_with_an_account_is_not_invited(window, user):
    form = window.post(reverse("operators:invitations"), {"email": user.email}).context["form"]
    assert form.has_error("email", "taken")


def test_cancelling_an_invitation_ends_the_sign_up_that_it_opened(user):
    now = timezone.now()
    invitation = invite(email="guest@example.net", now=now)
    guest = UserFactory(email="guest@example.net", confirmed=False)
    begin_with_invitation(invitation=invitation, user=guest)
    assert revoke_invitation(invitation=invitation, now=now)
    assert not User.objects.filter(pk=guest.pk).exists()
