"""From the invitation to its end, by the pages of both people."""

import os
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from careerplan.mentoring.delivery import send_owed_emails
from careerplan.mentoring.mentor.visits import record_visit
from careerplan.mentoring.models import MentoringEmail, Mentorship, MentorVisit, StoppedAddress
from careerplan.mentoring.owner.views import ALL_TAKEN
from careerplan.mentoring.services.ending import ask_before_end, clear_up, close_over
from careerplan.mentoring.services.sharing import set_emails
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal
from tests.factories.mentoring import EVERYTHING, let_in, make_invitation, make_mentorship

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_earlier_attempts():
    """Limits of attempts count in the cache, which is not rolled back."""
    cache.clear()


def in_a_minute():
    return timezone.now() + timedelta(minutes=1)


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


def test_invited_by_a_form_and_in_by_a_code(user, signed_in, mail_box):
    goal = make_goal(user)
    address = f"kwame-{user.pk}-journey@example.org"
    shown = signed_in.get(reverse("people:invite")).context["form"]
    chosen = {name: shown[name].value() for name in (*EVERYTHING, "goals", "months")}
    assert chosen == {"goals": [goal.pk], "months": "3", **dict.fromkeys(EVERYTHING)}  # nothing but the goals
    form = {"name": "Kwame Osei", "email": address, "role": "mentor", "goals": [goal.pk], "months": "3", "line": "Hi."}
    assert signed_in.post(reverse("people:invite"), form).url == reverse("people:preview")
    assert goal.title in signed_in.get(reverse("people:preview")).content.decode()
    invitation = Mentorship.objects.get(owner=user)
    for _click in range(2):
        assert signed_in.post(reverse("people:send"), {"draft": invitation.pk}).url == reverse("people:list")
    send_owed_emails(clock=timezone.now)
    assert mail_box.to(address) == []  # it can still be taken back
    send_owed_emails(clock=in_a_minute)
    [mail] = mail_box.to(address)
    link = reverse("mentor:invitation", args=[invitation.key])
    assert link in text_of(mail)
    mentor = Client()
    assert mentor.get(link).status_code == 200
    assert mentor.post(reverse("mentor:code-send", args=[invitation.key])).status_code == 302
    code = re.search(r"\d{6}", str(mail_box.to(address)[1]["Subject"]))[0]
    page = reverse("mentor:code", args=[invitation.key])
    wrong = mentor.post(page, {"code": "000000" if code != "000000" else "000001", "stays": "on"})
    assert list(wrong.context["form"].errors) == ["code"]
    assert mentor.post(page, {"code": f"{code[:3]} {code[3:]}", "stays": "on"}).status_code == 302
    assert Client().post(page, {"code": code}).status_code == 200  # it works once
    plan = reverse("mentor:plan", args=[invitation.key])
    assert goal.title in mentor.get(plan).content.decode()
    mentor.get(reverse("mentor:goal", args=[invitation.key, goal.pk]))
    send_owed_emails(clock=in_a_minute)
    assert [str(mail["Subject"]) for mail in mail_box.to(user.email)] == ["Kwame Osei accepted your invitation"]
    person = reverse("people:person", args=[invitation.pk])
    shown = signed_in.get(person)
    assert shown.context["visits"][0].places[1] == goal.title
    visit = MentorVisit.objects.get()
    for place in ("review-7", "meeting"):
        record_visit(mentorship=visit.mentorship, place=place, now=visit.last_at)
    assert signed_in.get(person).context["visits"][0].places[2:] == ["review", "meeting sheet"]
    until = Mentorship.objects.get(owner=user).until
    for _click in range(2):
        signed_in.post(reverse("people:extend", args=[invitation.pk]), {"until": until.isoformat()})
    assert 85 < (Mentorship.objects.get(owner=user).until - until).days < 95
    with time_machine.travel(timezone.now() + timedelta(hours=12, minutes=1)):
        assert mentor.get(plan).url == link
    signed_in.post(reverse("people:stop", args=[invitation.pk]))
    assert mentor.get(plan).status_code == 410
    send_owed_emails(clock=in_a_minute)
    assert len(mail_box.to(address)) == 3


def test_accepted_with_an_account(user, other_user):
    invitation = make_invitation(user, [make_goal(user)], email=other_user.email)
    accept = reverse("mentor:accept", args=[invitation.key])
    stranger, mentor = Client(), Client()
    stranger.force_login(UserFactory())
    mentor.force_login(other_user)
    assert stranger.post(accept).status_code == 404
    assert mentor.post(accept).url == reverse("mentor:plan", args=[invitation.key])
    assert user.name in mentor.get(reverse("mentor:people")).content.decode()
    assert mentor.get(reverse("mentor:plan", args=[invitation.key])).status_code == 200
    assert stranger.get(reverse("mentor:plan", args=[invitation.key])).status_code == 302
    gone = mentor.post(reverse("mentor:leave", args=[invitation.key]), follow=True)
    assert (gone.status_code, gone.context["has_left"]) == (410, True)


def test_declining_deletes_name_and_address_and_stops_every_owner(user, other_user, mail_box):
    address = f"karen-{user.pk}@example.org"
    invitation = make_invitation(user, email=address, name="Karen")
    page = reverse("mentor:decline", args=[invitation.key])
    assert Client().get(page).status_code == 200
    assert Client().post(page, {"stops_all": "on"}).context["is_done"]
    invitation.refresh_from_db()
    assert (invitation.name, invitation.email, invitation.end_reason) == ("", "", "declined")
    assert StoppedAddress.objects.count() == 1
    send_owed_emails(clock=in_a_minute)
    assert mail_box.to(address) == []
    assert [str(mail["Subject"]) for mail in mail_box.to(user.email)] == ["Someone declined your invitation"]
    owner = Client()
    owner.force_login(other_user)
    form = {"name": "Karen", "email": address, "role": "coach", "shows_vision": "on", "months": "1"}
    owner.post(reverse("people:invite"), form)
    owner.post(reverse("people:send"), {"draft": Mentorship.objects.get(owner=other_user).pk})
    assert Mentorship.objects.get(owner=other_user).state == "draft"
    assert not MentoringEmail.objects.filter(mentorship__owner=other_user).exists()


def test_time_ends_invitations_and_sharing(user, mail_box):
    now = timezone.now()
    active = make_mentorship(user, email=f"a-{user.pk}@example.org", **EVERYTHING)
    make_invitation(user, email=f"b-{user.pk}@example.org", name="Bisi")
    browser = let_in(active)
    MentoringEmail.objects.all().delete()
    assert close_over(now=now + timedelta(days=15)) == 1
    assert ask_before_end(now=now + timedelta(days=70)) == 0
    with time_machine.travel(now + timedelta(days=80)):
        assert [ask_before_end(now=timezone.now()) for _round in range(2)] == [1, 0]
        send_owed_emails(clock=in_a_minute)
    asked = mail_box.to(user.email)[-1]
    assert re.match("Kwame Osei sees your plan until", str(asked["Subject"]))
    assert "Extend it by 3 months" in text_of(asked)
    with time_machine.travel(now + timedelta(days=91)):
        page = browser.get(reverse("mentor:plan", args=[active.key]), follow=True)
        assert page.status_code == 410  # before any task ran
        assert close_over(now=timezone.now()) == 1
        send_owed_emails(clock=in_a_minute)
    assert [str(mail["Subject"]) for mail in mail_box.to(active.email)] == ["The plan of Ruth Adeyemi is closed to you"]
    assert {str(mail["Subject"]) for mail in mail_box.to(user.email)} == {
        "Bisi did not answer your invitation",
        str(asked["Subject"]),
    }
    owner = Client()
    owner.force_login(user)
    assert "Time was over" in owner.get(reverse("people:list")).content.decode()
    assert clear_up(now=now + timedelta(days=122)) >= 2
    assert set(Mentorship.objects.values_list("name", "email")) == {("", "")}


def test_one_click_stops_the_emails_about_one_owner(user, mail_box):
    mentorship = make_mentorship(user, email=f"stop-{user.pk}@example.org")
    page = reverse("mentor:stop-emails", args=[mentorship.key])
    client = Client(enforce_csrf_checks=True)
    assert client.get(page).status_code == 200
    mentorship.refresh_from_db()
    assert mentorship.emails_stopped_at is None
    assert client.post(page, {"List-Unsubscribe": "One-Click"}).status_code == 200
    Mentorship.objects.get(pk=mentorship.pk)
    Client().post(reverse("mentor:leave", args=[mentorship.key]))
    mentorship.refresh_from_db()
    assert mentorship.emails_stopped_at is not None
    assert mentorship.state == "active"
    set_emails(mentorship=mentorship, wanted=True, now=timezone.now())
    mentorship.refresh_from_db()
    assert mentorship.emails_stopped_at is None


def test_whoever_has_three_people_is_not_asked_for_a_fourth(client, user):
    for n in range(3):
        make_mentorship(user, name=f"Person {n}", email=f"person{n}-{os.getpid()}@example.org")
    client.force_login(user)
    page = client.get(reverse("people:invite"), follow=True)
    assert page.redirect_chain == [(reverse("people:list"), 302)]
    assert str(ALL_TAKEN) in page.content.decode()


def test_people_with_one_first_name_are_told_apart(client, user):
    for name in ("Kwame Osei", "Kwame Mensah", "Aiko Tanaka"):
        make_mentorship(user, name=name, email=f"{name.split()[-1].lower()}-{os.getpid()}@example.org")
    client.force_login(user)
    people = client.get(reverse("people:list")).context["page"].people
    assert [person.called for person in people] == ["Kwame Osei", "Kwame Mensah", "Aiko"]
