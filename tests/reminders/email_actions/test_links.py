"""The links that answer a mail: what they say cannot be changed, and they die."""

from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from hypothesis import given
from hypothesis import strategies as st

from accounts import deletion
from careerplan.reminders.email_actions.links import ActionTarget, BadLink, OldLink, link_maker, read_link, verify
from careerplan.reminders.email_actions.queries import find_action_request
from tests.factories.goals import make_goal, only_step

ADDRESS, DAY = "ruth@example.org", date(2027, 3, 5)
IDS = st.integers(1, 10**18 - 1)
DAYS = st.dates()


def make(user_id=17, address=ADDRESS, mailed_on=DAY, about=ActionTarget.STEP, pk=902, due_on=DAY) -> str:
    return link_maker(user_id=user_id, address=address, mailed_on=mailed_on)(about, pk, due_on)


@given(IDS, st.emails(), DAYS, st.sampled_from(ActionTarget), IDS, DAYS)
def test_a_link_says_what_it_was_made_of(user_id, address, mailed_on, about, pk, due_on):
    link = read_link(make(user_id, address, mailed_on, about, pk, due_on))
    verify(link, address=address, today=mailed_on)
    assert (link.user_id, link.mailed_on, link.target, link.pk, link.due_on) == (
        user_id, mailed_on, about, pk, due_on,
    )  # fmt: skip


@given(st.integers(0, 200), st.characters(codec="utf-8"))
def test_a_link_with_another_letter_anywhere_is_refused(place, content):
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
        make(user_id=18).rsplit(".", 1)[0] + "." + make().rsplit(".", 1)[1],  # for somebody else
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
def test_a_forged_link_is_refused(token):
    with pytest.raises(BadLink):
        verify(read_link(token), address=ADDRESS, today=DAY)


@given(st.integers(-400, 400))
def test_it_works_for_fourteen_days(days):
    link = read_link(make())
    today = DAY + timedelta(days=days)
    if days <= 14:
        verify(link, address=ADDRESS, today=today)
    else:
        with pytest.raises(OldLink):
            verify(link, address=ADDRESS, today=today)


def test_the_last_day_of_the_calendar_is_no_error():
    verify(read_link(make(mailed_on=date.max)), address=ADDRESS, today=date.max)


def test_it_belongs_to_the_address_it_was_mailed_to():
    with pytest.raises(BadLink):
        verify(read_link(make()), address="ruth@example.com", today=DAY)
    assert ADDRESS not in make()


def test_a_link_outlives_a_new_secret_key_as_long_as_the_old_one_is_kept(settings):
    token, old = make(), settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-of-at-least-thirty-two-contents"
    with pytest.raises(BadLink):
        verify(read_link(token), address=ADDRESS, today=DAY)
    settings.SECRET_KEY_FALLBACKS = [old]
    verify(read_link(token), address=ADDRESS, today=DAY)
    assert make() != token


NOON = datetime(2027, 3, 5, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_it_dies_with_the_account_and_with_a_new_address(user):
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
    deletion.request_deletion(user=user, now=NOON)
    with pytest.raises(BadLink):
        find_action_request(token, NOON)
    deletion.cancel_deletion(user=user)
    assert find_action_request(token, NOON).step == step
    user.is_active = False
    user.save()
    with pytest.raises(BadLink):
        find_action_request(token, NOON)
    user.delete()
    with pytest.raises(BadLink):
        find_action_request(token, NOON)


@pytest.mark.django_db
def test_a_link_of_ours_about_what_is_somebody_elses_finds_nothing(user, other_user):
    """Cannot be mailed; the rows are action all the same."""
    from careerplan.reminders.email_actions.queries import TargetDeleted

    step = only_step(make_goal(other_user))
    for about, pk in ((ActionTarget.STEP, step.pk), (ActionTarget.GOAL, step.goal_id)):
        with pytest.raises(TargetDeleted):
            find_action_request(make(user_id=user.pk, address=user.email, about=about, pk=pk), NOON)
