"""Finding people, seeing why no emails arrive, and what an operator does with an account."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import discard_unconfirmed
from accounts.tasks import delete_due_accounts
from careerplan.account_data.models import DataFile
from careerplan.operators.actors import SYSTEM
from careerplan.operators.models import AuditEntry
from careerplan.operators.queries.people import ON_A_PAGE
from careerplan.operators.queries.person import load_person
from careerplan.operators.services.people import block, end_sessions, set_operator
from careerplan.operators.views.people import act as view_of_act
from careerplan.reminders.kinds import ReminderKind
from careerplan.reminders.models import Digest, Preferences, RefusedAddress, UserActivity
from careerplan.reminders.sending_hold import hold_sending
from tests.accounts.conftest import is_signed_in, sign_in
from tests.factories.accounts import UserFactory, make_user_session
from tests.factories.goals import make_goal

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


# --- The list -----------------------------------------------------------------------------------------
def test_a_person_is_found_by_address_or_name(window):
    found = UserFactory(name="Deniz Marlow", email="d.marlow@example.net")
    UserFactory(name="Hana Okafor")
    for query in ("marlow@", "deniz", "D.MARLOW@EXAMPLE.NET"):
        assert rows(window.get(PEOPLE, {"q": query})) == [found.email]
    assert rows(window.get(PEOPLE, {"q": "100%_"})) == []


def test_filters_count_and_list_the_same_people(window):
    now = timezone.now()
    people = {
        "unconfirmed": UserFactory(confirmed=False),
        "blocked": UserFactory(is_active=False),
        "deleting": UserFactory(deletion_due_at=now),
        "no-emails": UserFactory(),
        "inactive": UserFactory(date_joined=now - timedelta(days=800)),
    }
    refused = people["no-emails"]
    RefusedAddress.objects.create(user=refused, address=refused.email, refused_on=now.date(), stopped_at=now)
    old = UserFactory(date_joined=now - timedelta(days=800))
    UserActivity.objects.create(user=old, seen_at=now)  # came back
    for name, person in people.items():
        page = window.get(PEOPLE, {"filter": name})
        assert rows(page) == [person.email]
        assert page.context["page"].counts[name] == 1


def test_the_list_goes_on_page_by_page(window):
    for _number in range(ON_A_PAGE):
        UserFactory()
    first = window.get(PEOPLE)
    second = window.get(PEOPLE, {"before": first.context["page"].next_before})
    assert (len(rows(first)), len(rows(second))) == (ON_A_PAGE, 1)
    assert not {*rows(first)} & {*rows(second)}
    assert second.context["page"].next_before is None


@pytest.mark.parametrize(
    "junk", [{"before": "x"}, {"filter": "x"}, {"q": "\x00"}, {"q": "x" * 5000}, {"before": "9" * 40}]
)
def test_junk_in_the_address_is_no_error(window, junk):
    assert window.get(PEOPLE, junk).status_code in {200, 400}


def test_the_pages_take_a_fixed_number_of_queries(window, django_assert_max_num_queries):
    user = UserFactory()
    for page in (PEOPLE, reverse("operators:person", args=[user.pk]), reverse("operators:audit-log")):
        window.get(page)
    counts = []
    for many in (1, 30):
        for _number in range(many):
            make_user_session(user)
            block(actor=SYSTEM, user=UserFactory(), now=timezone.now(), why="spam")
        for page, most in ((PEOPLE, 8), (reverse("operators:person", args=[user.pk]), 30), ("/operator/audit-log/", 8)):
            with django_assert_max_num_queries(most) as queries:
                window.get(page)
            counts.append(len(queries))
    assert counts[:3] == counts[3:]


# --- Why no emails arrive -----------------------------------------------------------------------------
def state(user, **columns):
    return load_person(User.objects.get(pk=user.pk), timezone.now()).mail


def put_off(user):
    now = timezone.now()
    Digest.objects.create(
        user=user, local_date=now.date(), made_at=now, not_before=now, attempts=3, smtp_response="452 4.2.2 full"
    )


def refuse(user):
    RefusedAddress.objects.create(
        user=user, address=user.email, refused_on=timezone.localdate(), stopped_at=timezone.now(), smtp_response="550"
    )


def mute(user):
    Preferences.objects.create(user=user, muted_kinds=ReminderKind.values)


REASONS = {
    "blocked": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    "deleting": lambda user: User.objects.filter(pk=user.pk).update(deletion_due_at=timezone.now()),
    "unconfirmed": lambda user: EmailAddress.objects.update(verified=False),
    "refused": refuse,
    "held": lambda user: hold_sending(now=timezone.now()),
    "deferred": put_off,
    "muted": mute,
    "": lambda user: None,
}


@pytest.mark.parametrize("reason", REASONS)
def test_the_page_says_why_no_emails_arrive(window, user, reason):
    make_goal(user)
    REASONS[reason](user)
    page = person_page(window, user)
    assert page.context["page"].mail.reason == reason
    assert f'data-reason="{reason}"' in page.content.decode()


def test_without_goals_there_is_nothing_to_send(user):
    assert state(user).reason == "nothing_due"


def test_trying_again_forgets_the_refusal(window, user):
    refuse(user)
    act(window, user, "retry")
    assert not RefusedAddress.objects.exists()
    assert actions(user) == ["mail_retried"]


def test_no_page_shows_a_text_of_a_plan(window, user):
    goal = make_goal(user)
    page = person_page(window, user)
    assert page.context["page"].goals == 1
    assert goal.title not in page.content.decode()


def test_who_looked_is_written_down_once_an_hour(window, user):
    person_page(window, user)
    person_page(window, user)
    assert actions(user) == ["looked"]


# --- Acts ---------------------------------------------------------------------------------------------
def test_blocking_ends_sessions_and_stops_signing_in(window, user, signed_in):
    assert act(window, user, "block").context["form"].has_error("why", "required")
    act(window, user, "block", why="Spam")
    assert not is_signed_in(signed_in)
    sign_in(other := Client(), user.email)
    assert not is_signed_in(other)
    assert [message.to for message in mail.outbox] == [[user.email]]
    act(window, user, "unblock")
    sign_in(other, user.email)
    assert is_signed_in(other)
    assert actions(user) == ["blocked", "unblocked"]


def test_an_entry_says_who_what_whom_and_why(window, operator, user):
    act(window, user, "block", why="Spam")
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.actor_id, entry.action, entry.person_id, entry.why) == (
        "Ines Roth",
        operator.pk,
        "blocked",
        user.pk,
        "Spam",
    )


def test_blocking_twice_from_two_windows_is_one_act(window, user):
    for _window in range(2):
        assert act(window, user, "block", why="Spam").status_code == 302
    assert actions(user) == ["blocked"]
    assert len(mail.outbox) == 1


def test_who_is_no_operator_any_more_cannot_have_a_kept_post_done(user, rf):
    request = rf.post("/", {"why": "Spam"})
    request.user = UserFactory()
    with pytest.raises(Http404):
        view_of_act(request, user.pk, "block")
    user.refresh_from_db()
    assert user.is_active


def test_ending_the_rights_ends_the_sessions(window, operator):
    make_user_session(operator)
    set_operator(actor=SYSTEM, user=operator, is_operator=False, now=timezone.now())
    assert not UserSession.objects.filter(user=operator).exists()


def test_a_block_is_not_undone_by_signing_up_again(window):
    user = UserFactory(confirmed=False)
    act(window, user, "block", why="Spam")
    assert discard_unconfirmed(email=user.email) == 0


@pytest.mark.parametrize("name", ["block", "delete"])
def test_operators_are_neither_blocked_nor_deleted_here(window, operator, name):
    act(window, operator, name, why="Mistake", address=operator.email)
    operator.refresh_from_db()
    assert operator.is_active
    assert operator.deletion_due_at is None
    assert actions(operator) == []


def test_ending_sessions_signs_out_everywhere(user, signed_in):
    other = Client()
    sign_in(other, user.email)
    make_user_session(user)
    assert end_sessions(actor=SYSTEM, user=user, now=timezone.now()) == 2
    assert not is_signed_in(other)


def test_the_code_is_offered_again(window):
    user = UserFactory(confirmed=False)
    act(window, user, "code")
    assert "/account/login/" in mail.outbox[0].body
    assert actions(user) == ["code_offered"]


def test_an_address_is_confirmed_without_a_code(window):
    user = UserFactory(confirmed=False)
    act(window, user, "confirm", why="Showed a passport")
    assert EmailAddress.objects.get(user=user).verified
    sign_in(client := Client(), user.email)
    assert is_signed_in(client)


def test_an_export_goes_to_its_owner_and_not_to_the_operator(window, user):
    answer = act(window, user, "export", why="Asked by letter")
    assert answer.status_code == 302
    assert DataFile.objects.for_user(user).exports().count() == 1
    assert actions(user) == ["exported"]


def test_deletion_waits_seven_days_and_can_be_cancelled(window, user):
    wrong = act(window, user, "delete", why="Asked", address="else@example.org")
    assert wrong.context["form"].has_error("address", "other")
    act(window, user, "delete", why="Asked", address=user.email.upper())
    user.refresh_from_db()
    assert timedelta(days=6) < user.deletion_due_at - timezone.now() < timedelta(days=8)
    act(window, user, "keep")
    user.refresh_from_db()
    assert user.deletion_due_at is None
    assert actions(user) == ["deletion_asked", "deletion_cancelled"]


def test_deletion_at_once_leaves_no_address_in_the_log(window, user):
    act(window, user, "delete", why="Asked", address=user.email, at_once="on")
    delete_due_accounts()
    assert not User.objects.filter(pk=user.pk).exists()
    log = window.get(reverse("operators:audit-log")).content.decode()
    assert user.email not in log
    assert "deletion_asked" in log


def test_a_sign_up_that_was_never_confirmed_is_deleted_at_once(window):
    user = UserFactory(confirmed=False)
    act(window, user, "delete", why="Typing error", address=user.email)
    delete_due_accounts()
    assert not User.objects.filter(pk=user.pk).exists()
