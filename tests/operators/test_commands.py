"""`manage.py people`: the same acts at the server, each in the audit log with the name of who ran it."""

import getpass
import json

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Invitation, User
from careerplan.operators.models import AuditEntry
from tests.accounts.conftest import is_signed_in, sign_in
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(capsys):
    def run(*arguments):
        call_command("people", *map(str, arguments))
        return capsys.readouterr().out

    return run


def test_the_first_operator(people, user):
    assert "/operator/" in people("operator", user.email)
    user.refresh_from_db()
    assert user.is_staff
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.person_id) == ("operator_added", user.pk)
    assert getpass.getuser() in entry.actor
    people("operator", user.email, "--remove")
    user.refresh_from_db()
    assert not user.is_staff


def test_who_was_made_by_createsuperuser_is_an_operator_too():
    call_command("createsuperuser", interactive=False, email="root@example.org", name="Root")
    assert User.objects.get().is_staff


def test_list_and_show(people, user):
    goal = make_goal(user)
    assert user.email in people("list", user.email[:8])
    assert "0 found" in people("list", "--filter", "blocked")
    shown = people("show", user.email.upper())
    assert "arrive" in shown
    assert goal.title not in shown
    assert AuditEntry.objects.get().action == "looked"


def test_confirm(people):
    user = UserFactory(confirmed=False)
    people("confirm", user.email, "--why", "Showed a passport")
    assert EmailAddress.objects.get(user=user).verified
    assert AuditEntry.objects.get().why == "Showed a passport"


def test_block_and_unblock(people, user, signed_in):
    people("block", user.email, "--why", "Spam" * 100)
    assert not is_signed_in(signed_in)
    people("unblock", user.email)
    sign_in(client := Client(), user.email)
    assert is_signed_in(client)


def test_sessions_end(people, user):
    sign_in(client := Client(), user.email)
    assert people("sessions-end", user.email).startswith("1 ")
    assert not is_signed_in(client)


def test_export_to_a_file_for_its_owner_only(people, user, tmp_path):
    goal = make_goal(user)
    file = tmp_path / "data.json"
    people("export", user.email, "--output", file, "--why", "Asked by letter")
    assert file.stat().st_mode & 0o777 == 0o600
    assert goal.title in {row["title"] for row in json.loads(file.read_text())["goals"]}
    with pytest.raises(CommandError):
        people("export", user.email, "--output", file, "--why", "Again")
    assert AuditEntry.objects.get().details == {"to_file": True}


def test_delete(people, user):
    people("delete", user.email, "--why", "Asked")
    user.refresh_from_db()
    assert user.deletion_due_at
    people("delete", user.email, "--why", "Asked", "--now")
    assert not User.objects.exists()


def test_a_file_that_cannot_be_finished_is_removed(people, user, tmp_path, monkeypatch):
    def fail(user, file, now):
        file.write(b"half")
        raise OSError

    monkeypatch.setattr("careerplan.operators.management.commands.people.write_export", fail)
    with pytest.raises(OSError):  # noqa: PT011
        people("export", user.email, "--output", tmp_path / "data.json", "--why", "Asked by letter")
    assert not (tmp_path / "data.json").exists()


def test_what_is_no_address_is_not_invited(people):
    with pytest.raises(CommandError):
        people("invite", "guest")
    assert not Invitation.objects.exists()


def test_invite(people):
    people("invite", "Guest@example.net")
    assert Invitation.objects.get().email == "guest@example.net"
    assert mail.outbox[0].to == ["guest@example.net"]


@pytest.mark.parametrize("what", ["block", "delete"])
def test_operators_and_strangers_are_refused(people, what):
    operator = UserFactory(is_staff=True)
    for address in (operator.email, "nobody@example.org"):
        with pytest.raises(CommandError):
            people(what, address, "--why", "Mistake")
    operator.refresh_from_db()
    assert operator.is_active


@pytest.mark.parametrize("what", ["block", "delete", "confirm"])
def test_an_act_that_cannot_be_undone_needs_a_reason(people, user, what):
    with pytest.raises(CommandError):
        people(what, user.email)
