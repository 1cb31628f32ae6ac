"""The sheet, the date and the notes, for both people."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from careerplan.calendar_feed.ics import render_calendar
from careerplan.calendar_feed.queries import calendar_contents, feed_for
from careerplan.calendar_feed.services import make_address
from careerplan.conversation.models import Comment
from careerplan.core.mail import build_email
from careerplan.meetings.ics import meeting_uid
from careerplan.meetings.models import Meeting, MeetingNote
from careerplan.meetings.owner.forms import MeetingDateForm
from careerplan.meetings.services.dates import set_meeting
from careerplan.mentoring.mentor.queries import shared_goals
from careerplan.mentoring.models import MentoringEmail, Mentorship
from careerplan.mentoring.services.ending import stop_sharing
from careerplan.planning.services.new_plan import start_new_plan
from tests.factories.goals import make_goal
from tests.factories.mentoring import let_in, make_draft, make_mentorship
from tests.plan_document.reading import pdf_pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(user):
    return make_goal(user, title="Speak to 100 people", due_on=timezone.localdate() + timedelta(days=90))


@pytest.fixture
def mentorship(user, goal):
    return make_mentorship(user, [goal])


def at(days):
    return (timezone.localtime() + timedelta(days=days)).strftime("%Y-%m-%dT17:30")


@pytest.mark.parametrize("skipped_or_twice", ["2099-03-29T01:30", "2099-10-25T01:30"])
def test_time_at_which_the_clocks_change_is_refused(skipped_or_twice):
    with timezone.override("Europe/London"):
        errors = MeetingDateForm({"starts_at": skipped_or_twice}).errors
    assert errors["starts_at"] == ["The clocks change at that time. Choose another time."]


def test_the_date_is_in_both_calendars_and_its_email_is_owed_once_a_change(client, user, mentorship):
    client.force_login(user)
    address = reverse("meeting:sheet", args=[mentorship.pk])
    assert "Choose a time in the future." in client.post(address, {"starts_at": "2020-01-01T10:00"}).content.decode()
    for days in (3, 3, 4):
        assert client.post(address, {"starts_at": at(days)}).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.revision == 1
    emails = MentoringEmail.objects.filter(kind="meeting_set").select_related("mentorship__owner").order_by("pk")
    texts = [import_string(settings.MENTORING_EMAILS["meeting_set"])(one, timezone.now()) for one in emails]
    assert [text is None for text in texts] == [True, False]  # moved again before it was sent
    assert texts[1].context["paragraphs"][0] == "It starts at 17:30, London time."
    assert "17:30" in build_email(texts[1].template, to="a@example.org", context=texts[1].context).subject
    browser = let_in(mentorship)
    files = [
        browser.get(reverse("mentor-meeting:calendar", args=[mentorship.key])),
        client.get(reverse("meeting:calendar", args=[mentorship.pk])),
    ]
    for file in files:
        lines = file.content.decode().splitlines()
        assert file["Content-Type"].startswith("text/calendar")
        assert "SEQUENCE:1" in lines
        assert f"DTSTART:{meeting.starts_at:%Y%m%dT%H%M%SZ}" in lines
    feed = render_calendar(calendar_contents(feed_for(user))).decode().splitlines()
    same = [line for line in lines if line.startswith(("UID:", "SEQUENCE:", "DTSTART:", "DTEND:", "SUMMARY:"))]
    assert len(same) == 5
    assert {*same} <= {*feed}  # one event in the file and in the feed
    with pytest.raises(IntegrityError, match="one_coming"), transaction.atomic():
        Meeting.objects.create(mentorship=mentorship, starts_at=timezone.now(), set_at=timezone.now())
    client.post(reverse("meeting:cancel", args=[mentorship.pk]))
    [cancelled] = MentoringEmail.objects.filter(kind="meeting_cancelled").select_related("mentorship__owner")
    build = import_string(settings.MENTORING_EMAILS["meeting_cancelled"])
    assert build(cancelled, timezone.now()) is None  # the mentor never heard of it
    emails.update(attempts=1)
    assert build(cancelled, timezone.now()) is None  # nor where the mail server refused to take it for now
    emails.filter(occasion__endswith=" 0").update(state="sent", sent_at=timezone.now())
    text = build(cancelled, timezone.now())
    assert text.context["heading"].endswith("cancelled your next 15 minutes")  # they know of another time
    emails.update(state="sent", sent_at=timezone.now())
    text = build(cancelled, timezone.now())
    assert f"cancelled your 15 minutes on {meeting.starts_at:%a}" in text.context["heading"]
    assert text.context["paragraphs"][0] == "It was to start at 17:30, London time."
    assert build(cancelled, meeting.starts_at) is None
    assert browser.get(reverse("mentor-meeting:sheet", args=[mentorship.key])).status_code == 404


def test_the_mentors_own_feed_has_the_meeting_while_sharing_goes_on(client, user, other_user, goal):
    mentorship = make_mentorship(user, [goal], mentor=other_user)
    make_goal(other_user, title="A goal of the mentor")
    set_meeting(mentorship=mentorship, starts_at=timezone.now() + timedelta(days=3), now=timezone.now())
    token = make_address(feed=feed_for(other_user), now=timezone.now())

    def lines():
        return client.get(reverse("calendar_feed:feed", args=[token])).content.decode().replace("\r\n ", "")

    [meeting] = Meeting.objects.all()
    assert f"UID:{meeting_uid(meeting.key)}" in lines()
    assert f"SUMMARY:15 minutes with {user.first_name}" in lines()
    assert reverse("mentor-meeting:sheet", args=[mentorship.key]) in lines()
    assert "A goal of the mentor" in lines()
    assert goal.title not in lines()
    stop_sharing(mentorship=mentorship, now=timezone.now())
    assert "15 minutes with" not in lines()
    assert "A goal of the mentor" in lines()


def test_an_email_is_promised_only_where_one_is_sent(client, user, mentorship):
    client.force_login(user)
    sheet, cancel = (reverse(f"meeting:{name}", args=[mentorship.pk]) for name in ("sheet", "cancel"))
    for stopped in (
        {},
        {"emails_stopped_at": timezone.now()},
        {"emails_stopped_at": None, "bounced_at": timezone.now()},
    ):
        Mentorship.objects.filter(pk=mentorship.pk).update(**stopped)
        saved = client.post(sheet, {"starts_at": at(3)}, follow=True).content.decode()
        MentoringEmail.objects.filter(kind="meeting_set").update(state="sent", sent_at=timezone.now())
        cancelled = client.post(cancel, follow=True).content.decode()
        assert ("gets an email with the date." in saved.split("Saved.")[1][:60]) == (not stopped)
        assert "Meeting cancelled." in cancelled
        assert ("gets an email." in cancelled) == (not stopped)


def test_notes_become_a_step_a_date_and_a_comment_and_a_note_stays_private(client, user, goal, mentorship):
    client.force_login(user)
    step, day = goal.steps.get(), timezone.localdate() + timedelta(days=20)
    data = {
        "text-1": "Rehearse in the seminar room", "kind-1": "step", "about-1": f"goal-{goal.pk}", "day-1": str(day),
        "text-2": "Move it to January", "kind-2": "date", "about-2": f"step-{step.pk}", "day-2": str(day),
        "text-3": "Kwame asks Karen about the rota", "kind-3": "comment", "about-3": f"goal-{goal.pk}",
        "text-4": "He looked tired", "kind-4": "note",
        "next_at": at(30), "form_key": str(uuid4()),
    }  # fmt: skip
    address = reverse("meeting:notes", args=[mentorship.pk])
    refused = client.post(address, data | {"about-1": "", "day-2": ""}).content.decode()
    assert "Choose the goal." in refused
    assert "Enter the new date." in refused
    assert "He looked tired" in refused
    assert not MeetingNote.objects.exists()
    for _click in range(2):
        assert client.post(address, data).url == reverse("meeting:held", args=[mentorship.pk])
    assert MeetingNote.objects.count() == 4
    step.refresh_from_db()
    assert step.due_on == day
    assert goal.steps.filter(title="Rehearse in the seminar room", due_on=day).count() == 1
    assert Comment.objects.get().text == "Kwame asks Karen about the rota"
    assert Meeting.objects.held().count() == Meeting.objects.coming().count() == 1
    browser = let_in(mentorship)
    sheets = [
        client.get(reverse("meeting:held", args=[mentorship.pk])).content.decode(),
        browser.get(reverse("mentor-meeting:sheet", args=[mentorship.key])).content.decode(),
    ]
    assert "Rehearse in the seminar room" in sheets[0]
    assert "What is working for" in sheets[1] or "What kept" in sheets[1]
    assert "He looked tired" not in sheets[1]
    assert "He looked tired" not in sheets[0].split("</article>")[0]  # the sheet that is printed
    assert "He looked tired" in sheets[0]
    assert reverse("meeting:sheet", args=[mentorship.pk]) in sheets[0]
    held = reverse("meeting:held", args=[mentorship.pk])
    assert held not in client.get(reverse("people:list")).content.decode()
    stop_sharing(mentorship=mentorship, now=timezone.now())
    assert held in client.get(reverse("people:list")).content.decode()
    assert "He looked tired" in client.get(held).content.decode()
    assert client.get(reverse("meeting:sheet", args=[mentorship.pk])).status_code == 404


def test_the_mentors_sheet_names_only_shared_goals(client, user, goal, mentorship):
    make_goal(user, title="A secret of my own", due_on=timezone.localdate() - timedelta(days=3))
    client.force_login(user)
    client.post(reverse("meeting:sheet", args=[mentorship.pk]), {"starts_at": at(3)})
    pages = [
        client.get(reverse("meeting:sheet", args=[mentorship.pk])).content.decode(),
        let_in(mentorship).get(reverse("mentor-meeting:sheet", args=[mentorship.key])).content.decode(),
    ]
    made = client.get(reverse("meeting:pdf", args=[mentorship.pk]))
    assert made["Content-Type"] == "application/pdf"
    [paper] = pdf_pages(made.content)
    pages.append(paper)
    for page in pages:
        assert "A secret of my own" not in page
        assert "Questions" in page
        assert "Agreed" in page
    assert client.get(reverse("meeting:pdf", args=[mentorship.pk]), {"of": "last"}).status_code == 404


def test_who_sees_a_goal_sees_its_copy_in_a_new_plan(client, user, goal, mentorship):
    client.force_login(user)
    page = reverse("plans:new-plan")
    told = " ".join(client.get(page).content.decode().split())
    assert f"still see it in the new plan: <bdi>{mentorship.first_name}</bdi> </p>" in told
    mentorship.shared_goals.all().delete()
    assert "still see it" not in client.get(page).content.decode()
    mentorship.shared_goals.create(goal=goal, shared_at=timezone.now())
    own = make_goal(user, title="A secret of my own")
    draft = make_draft(user)
    draft.shared_goals.create(goal=goal, shared_at=timezone.now())
    carried = [goal.pk, own.pk]
    start_new_plan(plan=goal.plan, title="Next", closing_notes="", carried=carried, now=timezone.now())
    [seen] = shared_goals(mentorship)
    assert (seen.title, seen.carried_from_id) == ("Speak to 100 people", goal.pk)
    assert draft.shared_goals.filter(goal=seen).exists()  # it would invite somebody to nothing
