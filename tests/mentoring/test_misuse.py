"""What forwarded links, other windows and impatient people do to mentorships."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from careerplan.mentoring.models import MentorCode, Mentorship, StoppedAddress, hash_address
from careerplan.mentoring.services.ending import clear_up, stop_sharing
from careerplan.mentoring.services.invitations import DraftIsGone, decline, send_invitation
from tests.factories.goals import make_goal
from tests.factories.mentoring import make_draft, make_invitation, make_mentorship

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
