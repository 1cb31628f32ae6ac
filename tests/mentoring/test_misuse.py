"""What forwarded links, other windows and impatient people do to mentorships."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from careerplan.core.readonly import allow_closed_changes
from careerplan.goals.models import ActionStep
from careerplan.mentoring.mentor.queries import load_mentor_goals
from careerplan.mentoring.models import (
    MentorCode,
    MentoringEmail,
    Mentorship,
    SharingChange,
    StoppedAddress,
    hash_address,
)
from careerplan.mentoring.owner.emails import news_email
from careerplan.mentoring.owner.queries import CHANGES_SHOWN, list_changes
from careerplan.mentoring.services.bounces import record_undeliverable
from careerplan.mentoring.services.codes import make_code, use_code
from careerplan.mentoring.services.ending import clear_up, stop_sharing
from careerplan.mentoring.services.invitations import DraftIsGone, decline, send_invitation
from careerplan.mentoring.services.recipients import address_for
from tests.factories.goals import make_goal
from tests.factories.mentoring import let_in, make_draft, make_invitation, make_mentorship

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_earlier_attempts():
    """Limits of attempts count in the cache, which is not rolled back."""
    cache.clear()


def test_only_the_draft_that_was_shown_is_sent(user, signed_in):
    goal = make_goal(user)
    shown = make_draft(user, [goal], email="shown@example.org")
    assert f'name="draft" value="{shown.pk}"' in signed_in.get(reverse("people:preview")).content.decode()
    unseen = make_draft(user, [goal], email="unseen@example.org")
    for posted in ({"draft": shown.pk}, {"draft": "x"}, {}):
        assert signed_in.post(reverse("people:send"), posted).url == reverse("people:preview")
    unseen.refresh_from_db()
    assert unseen.state == "draft"
    assert "in another window" in signed_in.get(reverse("people:preview")).content.decode()
    with pytest.raises(DraftIsGone):
        send_invitation(draft=shown, now=timezone.now())
    signed_in.post(reverse("people:send"), {"draft": unseen.pk})
    unseen.refresh_from_db()
    assert unseen.state == "invited"


def test_refused_invitation_names_the_limit_of_this_site(user, signed_in, settings):
    settings.INVITATIONS_A_DAY = 1
    make_invitation(user, email="first@example.org")
    signed_in.post(reverse("people:send"), {"draft": make_draft(user, [make_goal(user)], email="more@example.org").pk})
    page = signed_in.get(reverse("people:preview")).content.decode()
    assert "You can send 1 invitation a day." in page


@pytest.mark.parametrize("forgotten_by", ["declining", "time"])
def test_invitations_stop_after_the_address_was_deleted(user, forgotten_by):
    now = timezone.now()
    if forgotten_by == "declining":
        mentorship = make_invitation(user, email="karen@example.org")
        decline(mentorship=mentorship, stops_all=False, now=now)
    else:
        mentorship = make_mentorship(user, email="karen@example.org")
        stop_sharing(mentorship=mentorship, now=now)
        clear_up(now=now + timedelta(days=31))
    assert Mentorship.objects.get(pk=mentorship.pk).email == ""
    page = reverse("mentor:stop-address", args=[mentorship.key])
    assert "Invitations stopped" not in Client().get(page).content.decode()
    assert not StoppedAddress.objects.exists()
    assert "Invitations stopped" in Client().post(page).content.decode()
    assert StoppedAddress.objects.get().pk == hash_address("karen@example.org")


def test_codes_that_somebody_else_asks_for(user, mail_box):
    mentorship = make_invitation(user, email=f"codes-{user.pk}@example.org")
    ask, enter = (reverse(f"mentor:{name}", args=[mentorship.key]) for name in ("code-send", "code"))
    stranger, mentor = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="192.0.2.2")
    for _click in range(3):  # a fresh code stays, so the mentor's own is not made void
        assert stranger.post(ask).status_code == 302
    [mail] = mail_box.to(mentorship.email)
    stop = reverse("mentor:stop-address", args=[mentorship.key])
    assert stop in mail.get_body(("plain",)).get_content()
    answers = []
    for _code in range(6):
        MentorCode.objects.update(sent_at=timezone.now() - timedelta(minutes=2))
        answers.append(stranger.post(ask).status_code)
    assert answers == [302, 302, 302, 302, 429, 429]
    MentorCode.objects.update(sent_at=timezone.now() - timedelta(minutes=2))
    assert mentor.post(ask).status_code == 302  # the attempts of the stranger are not theirs
    tries = [stranger.post(enter, {"code": f"12345{n % 10}"}).status_code for n in range(16)]
    assert tries[-1] == 429
    MentorCode.objects.all().delete()
    mentor.post(ask)
    code = re.search(r"\d{6}", str(mail_box.to(mentorship.email)[-1]["Subject"]))[0]
    assert mentor.post(enter, {"code": code}).status_code == 302
    sent = len(mail_box.to(mentorship.email))
    MentorCode.objects.all().delete()
    mentor.post(stop)
    assert Client(REMOTE_ADDR="192.0.2.3").post(ask).status_code == 302
    assert len(mail_box.to(mentorship.email)) == sent


def test_emails_are_turned_on_again_only_by_who_is_in(user):
    mentorship = make_mentorship(user, email="kwame@example.org")
    page = reverse("mentor:stop-emails", args=[mentorship.key])
    stranger, mentor = Client(), let_in(mentorship)
    strict = let_in(mentorship, Client(enforce_csrf_checks=True))
    stranger.post(page)
    assert 'name="resume"' not in stranger.get(page).content.decode()
    assert [client.post(page, {"resume": "1"}).status_code for client in (stranger, strict)] == [403, 403]
    mentorship.refresh_from_db()
    assert mentorship.emails_stopped_at is not None
    assert 'name="resume"' in mentor.get(page).content.decode()
    answers = []
    for _turn in range(11):
        stranger.post(page)
        answers.append(mentor.post(page, {"resume": "1"}).status_code)
    assert answers == [302] * 10 + [429]
    now = timezone.now()
    SharingChange.objects.bulk_create(
        SharingChange(mentorship=mentorship, kind="changed", by="owner", happened_at=now) for _n in range(60)
    )
    assert len(list_changes(mentorship)) == CHANGES_SHOWN


def test_mentor_with_an_account_signs_out_of_the_account(user, other_user, signed_in):
    mentorship = make_mentorship(user, [make_goal(user)], mentor=other_user)
    with_account, leave = Client(), reverse("mentor:leave", args=[mentorship.key])
    with_account.force_login(other_user)
    by_account, by_code = (one.get(leave).content.decode() for one in (with_account, let_in(mentorship, signed_in)))
    here = f'action="{reverse("mentor:sign-out", args=[mentorship.key])}"'
    account = f'action="{reverse("account_logout")}"'
    assert (account in by_account, here in by_account) == (True, False)
    assert reverse("mentor:people") in by_account
    assert (account in by_code, here in by_code) == (False, True)  # the owner's own browser, let in by a code


def test_no_email_to_an_address_that_came_back_until_a_code_from_it_is_used(user):
    mentorship = make_mentorship(user, email="kwame@example.org")
    email = MentoringEmail.objects.select_related("mentorship__owner").filter(recipient="mentor").first()
    assert address_for(email) == "kwame@example.org"
    record_undeliverable(mentorship=mentorship, now=timezone.now())
    email = MentoringEmail.objects.select_related("mentorship__owner").get(pk=email.pk)
    assert address_for(email) == ""
    news = MentoringEmail.objects.select_related("mentorship__owner").get(occasion="bounced")
    assert "Stop sharing" in str(news_email(news, timezone.now()).context)
    code = make_code(mentorship=mentorship, now=timezone.now())
    assert use_code(mentorship=mentorship, typed=code, now=timezone.now())
    email = MentoringEmail.objects.select_related("mentorship__owner").get(pk=email.pk)
    assert address_for(email) == "kwame@example.org"


def test_days_are_those_of_the_owners_zone_whoever_looks(user):
    goal, at = make_goal(user), datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    user.time_zone = "Pacific/Auckland"
    user.save()
    ActionStep.objects.filter(goal=goal).update(state="done", done_at=at)
    mentorship = make_mentorship(user, [goal])
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        with timezone.override(zone):
            [found] = load_mentor_goals(mentorship, today=date(2026, 3, 12))
            assert {step.done_on for step in found.steps} == {date(2026, 3, 11)}


def test_deleting_a_mentors_account_ends_what_it_sees(user, other_user):
    mentorship = make_mentorship(user, [make_goal(user)], mentor=other_user)
    with allow_closed_changes():
        other_user.delete()
    mentorship.refresh_from_db()
    assert (mentorship.state, mentorship.end_reason, mentorship.mentor, mentorship.place) == (
        "ended",
        "left",
        None,
        None,
    )
    assert MentoringEmail.objects.filter(mentorship=mentorship, recipient="owner", occasion="left").exists()
