"""Signed links in emails: they cannot be changed, and they expire."""

from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from hypothesis import given
from hypothesis import strategies as st

from accounts import services
from careerplan.reminders.email_actions.links import (
    ActionTarget,
    BadLink,
    OldLink,
    kinds_of_foot,
    link_maker,
    read_link,
    read_stop_token,
    stop_token,
    verify,
)
from careerplan.reminders.email_actions.queries import find_action_request
from careerplan.reminders.kinds import ReminderKind
from tests.factories.goals import make_goal, only_step

ADDRESS, DAY = "ruth@example.org", date(2027, 3, 5)
IDS = st.integers(1, 10**18 - 1)
DAYS = st.dates()


def make(user_id=17, address=ADDRESS, mailed_on=DAY, about=ActionTarget.STEP, pk=902, due_on=DAY) -> str:
    return link_maker(user_id=user_id, address=address, mailed_on=mailed_on)(about, pk, due_on)


@given(IDS, st.emails(), DAYS, st.sampled_from(ActionTarget), IDS, DAYS)
def test_link_round_trip(user_id, address, mailed_on, about, pk, due_on):
    link = read_link(make(user_id, address, mailed_on, about, pk, due_on))
    verify(link, address=address, today=mailed_on)
    assert (link.user_id, link.mailed_on, link.target, link.pk, link.due_on) == (
        user_id, mailed_on, about, pk, due_on,
    )  # fmt: skip


@given(st.integers(0, 200), st.characters(codec="utf-8"))
def test_changed_link_is_rejected(place, content):
    token = make()
    place %= len(token)
    changed = token[:place] + content + token[place + 1 :]
    if changed != token:
        with pytest.raises(BadLink):
            verify(read_link(changed), address=ADDRESS, today=DAY)


@given(st.text())
def test_any_text_is_no_link(text):
    with pytest.raises(BadLink):
        verify(read_link(text), address=ADDRESS, today=DAY)


@pytest.mark.parametrize(
    "token",
    [
        make(user_id=18).rsplit(".", 1)[0] + "." + make().rsplit(".", 1)[1],  # for another person
        make(pk=903).rsplit(".", 1)[0] + "." + make().rsplit(".", 1)[1],  # about something else
        make(about=ActionTarget.GOAL).rsplit(".", 1)[0] + "." + make().rsplit(".", 1)[1],
        make(mailed_on=DAY + timedelta(days=9)).rsplit(".", 1)[0] + "." + make().rsplit(".", 1)[1],  # for longer
        make()[:-1],
        make() + "0",
        make().upper(),
        " " + make(),
        make().replace("17.", "１７."),  # noqa: RUF001  (digits, but not ours)
        "17.0.s902.740050." + "0" * 32,  # no such day
        "17.740045.x902.740050." + "0" * 32,
    ],
)
def test_forged_link_is_rejected(token):
    with pytest.raises(BadLink):
        verify(read_link(token), address=ADDRESS, today=DAY)


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_number_of_a_link_has_one_spelling(place):
    parts = make().split(".")
    number = parts[place]
    parts[place] = number[:1] + "0" + number[1:] if place == 2 else "0" + number
    with pytest.raises(BadLink):
        read_link(".".join(parts))


@pytest.mark.parametrize(
    ("kinds", "stopped"),
    [
        (["step_due"], ["overdue", "step_due"]),
        (["goal_due", "review_due"], ["goal_due", "overdue", "review_due"]),
        (["review_due"], ["review_due"]),
    ],
)
def test_link_at_the_foot_stops_late_ones_together_with_due_ones(kinds, stopped):
    assert kinds_of_foot(kinds) == stopped


def test_stop_link_of_all_kinds_stops_those_of_later_versions():
    named = {"user_id": 17, "address": ADDRESS, "mailed_on": DAY}
    assert read_stop_token(stop_token(**named)).kinds == list(ReminderKind)
    assert read_stop_token(stop_token(**named, kinds=["all", "step_due"])).kinds == [ReminderKind.STEP_DUE]


@given(st.integers(-400, 400))
def test_link_works_for_fourteen_days(days):
    link = read_link(make())
    today = DAY + timedelta(days=days)
    if days <= 14:
        verify(link, address=ADDRESS, today=today)
    else:
        with pytest.raises(OldLink):
            verify(link, address=ADDRESS, today=today)


def test_link_on_the_last_possible_date():
    verify(read_link(make(mailed_on=date.max)), address=ADDRESS, today=date.max)


def test_link_belongs_to_its_address():
    with pytest.raises(BadLink):
        verify(read_link(make()), address="ruth@example.com", today=DAY)
    assert ADDRESS not in make()


def test_link_works_with_secret_key_fallbacks(settings):
    token, old = make(), settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-of-at-least-thirty-two-contents"
    with pytest.raises(BadLink):
        verify(read_link(token), address=ADDRESS, today=DAY)
    settings.SECRET_KEY_FALLBACKS = [old]
    verify(read_link(token), address=ADDRESS, today=DAY)
    assert make() != token


NOON = datetime(2027, 3, 5, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_link_is_void_without_account_or_address(user):
    step = only_step(make_goal(user))
    token = make(user_id=user.pk, address=user.email, pk=step.pk, due_on=step.due_on)
    assert find_action_request(token, NOON).step == step
    addresses = EmailAddress.objects.filter(user=user)
    for changes in ({"verified": False}, {"email": "new@example.org"}):
        before = addresses.values("verified", "email").get()
        addresses.update(**changes)
        with pytest.raises(BadLink):
            find_action_request(token, NOON)
        addresses.update(**before)
    assert find_action_request(token, NOON).step == step
    services.request_deletion(user=user, now=NOON)
    with pytest.raises(BadLink):
        find_action_request(token, NOON)
    services.cancel_deletion(user=user)
    assert find_action_request(token, NOON).step == step
    user.is_active = False
    user.save()
    with pytest.raises(BadLink):
        find_action_request(token, NOON)
    user.delete()
    with pytest.raises(BadLink):
        find_action_request(token, NOON)


@pytest.mark.django_db
def test_link_to_a_row_of_another_person_finds_nothing(user, other_user):
    """No mail has such a link; the row is still looked up by its owner."""
    from careerplan.reminders.email_actions.queries import TargetDeleted

    step = only_step(make_goal(other_user))
    for about, pk in ((ActionTarget.STEP, step.pk), (ActionTarget.GOAL, step.goal_id)):
        with pytest.raises(TargetDeleted):
            find_action_request(make(user_id=user.pk, address=user.email, about=about, pk=pk), NOON)
