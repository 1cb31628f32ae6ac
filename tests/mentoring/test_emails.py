"""Emails about mentorships: whom they may go to, what owners can put into them, and that each is sent once."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from careerplan.mentoring.delivery import send_owed_emails
from careerplan.mentoring.email_words import has_link, quoted_line, shown_name
from careerplan.mentoring.models import InvitationRecord, MentoringEmail, Mentorship
from careerplan.mentoring.services import email_claims, limits
from careerplan.mentoring.services.bounces import record_bounce_of, record_undeliverable
from careerplan.mentoring.services.invitations import AllPlacesTaken, AlreadyInvited, cancel_invitation
from careerplan.mentoring.services.recipients import wait_for_pause
from careerplan.plans.models import Pause
from tests.factories.goals import make_goal
from tests.factories.mentoring import let_in, make_invitation, make_mentorship

pytestmark = pytest.mark.django_db


def in_a_minute():
    return timezone.now() + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "is_link"),
    [
        ("Kwame, would you look in once a month? Four minutes is plenty.", False),
        ("Ask Dr. Osei at 5.30, e.g. on Monday.", False),
        ("See https://evil.example/x", True),
        ("www.evil.example", True),
        ("evil.com now", True),
        ("write to me@example.org", True),
        ("<b>bold</b>", True),
    ],
)
def test_links_in_what_owners_type(text, is_link):
    assert has_link(text) is is_link
    assert quoted_line(text) == ("" if is_link else text)


def test_names_that_would_look_like_ours():
    assert shown_name("Ruth Adeyemi") == "Ruth Adeyemi"
    for name in (
        "Career plan security",
        "Career\u200bplan",
        "\uff23areerplan",
        "Careerplan security",
        "Sign in at evil.com",
        "R" * 61,
        "Ruth\nBcc: x@example.org",
        "",
    ):
        assert shown_name(name) == "Someone"


def test_line_of_the_owner_is_quoted_and_escaped(user, mail_box):
    invitation = make_invitation(
        user, [make_goal(user)], email=f"quoted-{user.pk}@example.org", line='Your "account" & plan\n-- \nbye'
    )
    send_owed_emails(clock=in_a_minute)
    [mail] = mail_box.to(invitation.email)
    text, html = (mail.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))
    assert '\n  > Your "account" & plan -- bye\n' in text
    assert "Your &#34;account&#34; &amp; plan -- bye" in html
    assert "\n-- \n" not in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "What you will see: " in text
    assert f"{user.name} would like to share a career plan with you" in text
    for name in ("invitation", "decline", "stop-address"):
        assert f"{settings.BASE_URL}{reverse(f'mentor:{name}', args=[invitation.key])}" in text


def test_form_refuses_links_and_ones_own_address(signed_in, user):
    goal = make_goal(user)
    form = {"name": "Kwame", "role": "mentor", "months": "3", "goals": [goal.pk]}
    for changed in ({"email": user.email}, {"email": "k@example.org", "line": "evil.com"}, {"email": "k@example.org"}):
        answer = signed_in.post(reverse("people:invite"), {**form, "goals": [], **changed})
        assert answer.context["form"].errors
    assert not Mentorship.objects.exists()


def test_limits_by_owner_and_by_address(user, other_user, settings):
    settings.INVITATIONS_A_DAY, now = 4, timezone.now()
    for n in range(4):
        cancel_invitation(mentorship=make_invitation(user, email=f"{n}@example.org", now=now), now=now)
    with pytest.raises(limits.TooManyByOwner):
        make_invitation(user, email="more@example.org", now=now)
    InvitationRecord.objects.filter(owner=user).update(address_hash=limits.hash_address("0@example.org"))
    with pytest.raises(limits.TooManyToAddress):  # a third time within a month
        make_invitation(user, email="0@example.org", now=now + timedelta(days=2))
    InvitationRecord.objects.filter(owner=user).update(invited_at=now)
    with pytest.raises(limits.TooManyToAddress):  # by another owner, on the same day
        make_invitation(other_user, email="0@example.org", now=now)
    make_invitation(other_user, email="0@example.org", now=now + timedelta(days=2))
    with pytest.raises(AlreadyInvited):
        make_invitation(other_user, email="0@example.org", now=now + timedelta(days=2))


def test_three_places(user):
    for n in range(Mentorship.PLACES):
        make_invitation(user, email=f"{n}@example.org")
    with pytest.raises(AllPlacesTaken):
        make_invitation(user, email="4@example.org")


def test_email_is_dropped_where_its_reason_is_gone(user, other_user, mail_box):
    cancelled = make_invitation(user, email=f"cancelled-{user.pk}@example.org")
    cancel_invitation(mentorship=cancelled, now=timezone.now())
    leaving = make_invitation(other_user, email=f"leaving-{user.pk}@example.org")
    other_user.deletion_due_at = timezone.now()
    other_user.save()
    assert send_owed_emails(clock=lambda: timezone.now() + timedelta(days=8)) == 0
    assert set(MentoringEmail.objects.values_list("state", flat=True)) == {"dropped"}
    assert mail_box.to(cancelled.email) + mail_box.to(leaving.email) == []
    assert Client().get(reverse("mentor:invitation", args=[leaving.key])).status_code == 410


def test_claim_of_a_dead_worker_is_taken_over_as_the_same_email(user, mail_box):
    invitation = make_invitation(user, email=f"claimed-{user.pk}@example.org")
    now = in_a_minute()
    [dead] = email_claims.claim_emails(now=now, limit=5)
    assert email_claims.claim_emails(now=now, limit=5) == []
    assert email_claims.start_attempt(dead, now=now)
    later = now + email_claims.lease() + timedelta(seconds=1)
    assert send_owed_emails(clock=lambda: later) == 1
    [mail] = mail_box.to(invitation.email)
    row = MentoringEmail.objects.get(pk=dead.pk)
    assert (row.state, row.uncertain_attempts, mail["Message-ID"]) == ("sent", 1, f"<{row.key}@{settings.BASE_HOST}>")
    assert not email_claims.start_attempt(dead, now=later)  # its claim is void
    email_claims.record(dead, MentoringEmail.State.FAILED)
    assert MentoringEmail.objects.get(pk=dead.pk).state == "sent"


def test_address_that_bounces_is_told_to_the_owner(user, mail_box):
    invitation = make_invitation(user, email=f"bounced-{user.pk}@example.org")
    send_owed_emails(clock=in_a_minute)
    key = MentoringEmail.objects.get(mentorship=invitation, occasion="1").key
    assert record_bounce_of([key], now=timezone.now())
    assert record_bounce_of([key], now=timezone.now())
    send_owed_emails(clock=in_a_minute)
    assert [str(mail["Subject"]) for mail in mail_box.to(user.email)] == ["The email to Kwame Osei came back"]
    assert send_owed_emails(clock=lambda: timezone.now() + timedelta(days=8)) == 0  # no reminder goes there


def test_a_mentor_who_is_in_is_told_that_an_email_came_back(user, other_user):
    mentorship = make_mentorship(user, [make_goal(user)], mentor=other_user)
    mentor, plan = Client(), reverse("mentor:plan", args=[mentorship.key])
    mentor.force_login(other_user)
    assert "came-back" not in mentor.get(plan).content.decode()
    record_undeliverable(mentorship=mentorship, now=timezone.now())
    assert "came-back" in mentor.get(plan).content.decode()
    goal = reverse("mentor:goal", args=[mentorship.key, mentorship.shared_goals.get().goal_id])
    assert "came-back" not in mentor.get(goal).content.decode()


def test_emails_to_the_owner_wait_for_the_end_of_a_pause(user):
    plan = make_goal(user).plan
    now = timezone.now()
    mentorship = make_mentorship(user, now=now)
    email = MentoringEmail.objects.select_related("mentorship__owner").get(occasion="accepted")
    assert wait_for_pause(email, now=now) is None
    day = timezone.localdate(now, user.zone)
    Pause.objects.create(
        plan=plan, starts_on=day, ends_on=day + timedelta(days=3), reason="leave", made_at=now, form_key=email.key
    )
    page = let_in(mentorship).get(reverse("mentor:plan", args=[mentorship.key]))
    assert page.context["paused_until"] == day + timedelta(days=3)  # the mentor sees why nothing moves
    wait = wait_for_pause(email, now=now)
    assert wait is not None
    assert timedelta(days=3) < wait < timedelta(days=5)
