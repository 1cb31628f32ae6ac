"""The daily email about comments: one a day each way, only what is still unread, never after the end of sharing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from careerplan.conversation.emails import digest_email
from careerplan.conversation.models import Comment, Side, StoppedDigest
from careerplan.conversation.services.comments import mark_read
from careerplan.conversation.services.digests import stop_digests
from careerplan.conversation.services.suggestions import decline
from careerplan.mentoring.delivery import send_owed_emails
from careerplan.mentoring.models import MentoringEmail, Mentorship
from tests.factories.conversation import propose, say, share_with_mentor
from tests.factories.goals import NOW, make_goal

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING = NOW + 20 * HOUR  # 8:00 in London
WORDS = "Leave the slides at home."


@pytest.fixture
def goal(user):
    return make_goal(user, title="Speak to 100 people")


@pytest.fixture
def mentorship(user, goal):
    return share_with_mentor(user, goal)


@pytest.fixture
def send(time_machine, mail_box):
    """Send what is owed at an instant."""

    def run(at):
        time_machine.move_to(at, tick=False)
        send_owed_emails(clock=timezone.now)
        return mail_box

    return run


def states():
    return list(MentoringEmail.objects.order_by("occasion", "pk").values_list("occasion", "recipient", "state"))


def test_each_gets_one_email_the_next_morning_without_the_words(client, user, mentorship, goal, send):
    for n in range(3):
        say(mentorship, goal, WORDS, now=NOW + n * HOUR)
        say(mentorship, goal, WORDS, by=Side.OWNER, now=NOW + n * HOUR)
    assert not send(NOW + 4 * HOUR).to(user.email)
    box = send(MORNING)
    [to_owner], [to_mentor] = box.to(user.email), box.to(mentorship.email)
    assert to_owner["Subject"] == "3 comments and suggestions for you"
    assert to_mentor["Subject"] == "Ruth wrote to you"
    for mail, address in (
        (to_owner, reverse("conversation:waiting")),
        (to_mentor, reverse("mentor:goal", args=[mentorship.key, goal.pk])),
    ):
        text = mail.get_body(("plain",)).get_content()
        assert address in text
        assert WORDS not in text + mail.get_body(("html",)).get_content()
    assert reverse("mentor:stop-emails", args=[mentorship.key]) in to_mentor["List-Unsubscribe"]
    link = to_owner["List-Unsubscribe"].strip("<>")
    assert to_owner["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert client.post(f"/{link.split('/', 3)[3]}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert StoppedDigest.objects.get().user == user
    StoppedDigest.objects.all().delete()
    assert "/people/comments/stop/" in to_owner.get_body(("plain",)).get_content()
    send(MORNING + HOUR)
    assert len(box.to(user.email)) == len(box.to(mentorship.email)) == 1


def test_an_email_about_one_comment_leads_to_it_and_isolates_the_name(user, mentorship, goal, send):
    said, answer = say(mentorship, goal, WORDS), say(mentorship, goal, WORDS, by=Side.OWNER)
    box = send(MORNING)
    [mail], [to_mentor] = box.to(user.email), box.to(mentorship.email)
    assert mail["Subject"] == "Kwame commented on your goal"
    link = f"{goal.get_absolute_url()}?comment={said.pk}#comment-{said.pk}"
    assert link in mail.get_body(("plain",)).get_content()
    page = reverse("mentor:goal", args=[mentorship.key, goal.pk])
    assert f"{page}?comment={answer.pk}#comment-{answer.pk}" in to_mentor.get_body(("plain",)).get_content()


@pytest.mark.parametrize("why", ["read", "deleted", "stopped", "goal not shared", "revoked"])
def test_nothing_is_sent_that_is_not_new_any_more(user, mentorship, goal, send, why):
    comments = [say(mentorship, goal, WORDS, by=by) for by in Side]
    if why == "read":
        for by in Side:
            mark_read(by=by, comments=[comment.pk for comment in comments], now=NOW)
    elif why == "deleted":
        Comment.objects.update(text="", deleted_at=NOW)
    elif why == "stopped":
        stop_digests(user=user, now=NOW)
        Mentorship.objects.update(emails_stopped_at=NOW)
    elif why == "goal not shared":
        mentorship.shared_goals.all().delete()
        mark_read(by=Side.OWNER, comments=[comment.pk for comment in comments], now=NOW)
    else:
        Mentorship.objects.update(state="ended", end_reason="stopped", ended_at=NOW, place=None)
    box = send(MORNING)
    assert box.to(mentorship.email) == []
    is_told = why == "revoked"  # the last words of somebody who has left are still new to the owner
    assert len(box.to(user.email)) == is_told
    assert {(to, state) for _day, to, state in states()} == {
        ("mentor", "dropped"),
        ("owner", "sent" if is_told else "dropped"),
    }


def test_an_owner_with_several_people_gets_one_email_for_all(user, mentorship, goal, send):
    other = share_with_mentor(user, goal, name="Joan Ellis")
    say(mentorship, goal, WORDS)
    say(mentorship, goal, WORDS)
    propose(other, goal)
    [mail] = send(MORNING).to(user.email)
    assert mail["Subject"] == "3 comments and suggestions for you"
    text = mail.get_body(("plain",)).get_content()
    assert text.count("Kwame wrote 2 comments on “Speak to 100 people”.") == 1
    assert "commented" not in text
    assert "Joan suggests something for “Speak to 100 people”." in text
    assert [state for _day, _to, state in states()] == ["dropped", "sent"]


def test_after_an_outage_one_email_says_everything(user, mentorship, goal, send):
    for days in range(3):
        say(mentorship, goal, WORDS, now=NOW + days * DAY)
    [mail] = send(MORNING + 2 * DAY).to(user.email)
    assert mail["Subject"].startswith("3 comments")
    assert [state for _day, _to, state in states()] == ["dropped", "dropped", "sent"]


def test_a_second_one_of_a_day_waits_for_the_next(user, mentorship, goal, send):
    """Yesterday's was late: it left at 7:00, and today's is due at 8:00."""
    say(mentorship, goal, WORDS, now=NOW - DAY)
    send(MORNING - HOUR)
    say(mentorship, goal, WORDS, now=MORNING - HOUR / 2)
    box = send(MORNING)
    assert len(box.to(user.email)) == 1
    assert len(send(MORNING + DAY).to(user.email)) == 2
    assert [state for _day, _to, state in states()] == ["sent", "dropped", "sent"]


def test_the_mentor_hears_of_answers_once(mentorship, goal, send):
    decline(suggestion=propose(mentorship, goal), line="Not now.", now=NOW)
    [mail] = send(MORNING).to(mentorship.email)
    assert mail["Subject"] == "Ruth answered you"
    assert "Not now." not in mail.get_body(("plain",)).get_content()


def test_a_second_attempt_is_the_same_email(mentorship, goal):
    say(mentorship, goal, WORDS)
    row = MentoringEmail.objects.select_related("mentorship__owner").get()
    first, second = (digest_email(row, MORNING + n * HOUR) for n in range(2))
    assert first == second
    assert first.template == "conversation_owner"
