"""The owner's pages: comments on a goal and a review, steps made of them, answers to suggestions, undo, Today."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from careerplan.conversation.models import Comment, Side, StoppedDigest, Suggestion
from careerplan.conversation.owner.stop_links import stop_url
from careerplan.conversation.proposed_words import propose_day, propose_title
from careerplan.conversation.services.comments import Subject
from careerplan.goals.services.steps import update_step
from careerplan.mentoring.models import Mentorship
from tests.conversation.test_comments import end
from tests.factories.conversation import propose, say, share_with_mentor
from tests.factories.goals import make_goal, only_step
from tests.factories.mentoring import let_in
from tests.factories.reviews import make_finished_review

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 30)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def goal(user):
    day = timezone.localdate() + timedelta(days=90)
    return make_goal(user, due_on=day, title="Speak to 100 people")


@pytest.fixture
def mentorship(user, goal, now):
    return share_with_mentor(user, goal, now=now)


def undo_key(page):
    return re.search(r'name="key"\s+value="([^"]+)"', page)[1]


def page_of(client, goal):
    return client.get(goal.get_absolute_url()).content.decode()


def test_new_until_the_page_was_opened_and_on_today_until_then(signed_in, mentorship, goal, now):
    today = reverse("dashboard:today")
    assert "waiting-comments" not in signed_in.get(today).content.decode()
    say(mentorship, goal, "Leave <b>the</b> slides.", now=now)
    assert [row.who for row in signed_in.get(today).context["page"].waiting] == ["Kwame"]
    first, second = page_of(signed_in, goal), page_of(signed_in, goal)
    assert "Leave &lt;b&gt;the&lt;/b&gt; slides." in first
    assert [first.count("cp-new"), second.count("cp-new")] == [1, 0]
    assert signed_in.get(today).context["page"].waiting == []
    propose(mentorship, goal, now=now)
    page_of(signed_in, goal)
    assert [row.kind for row in signed_in.get(today).context["page"].waiting] == ["suggestion"]
    say(mentorship, goal, "Leave <b>the</b> notes.", now=now)
    listed = signed_in.get(reverse("conversation:waiting")).content.decode()
    for words in ("suggests something", "Rehearse twice", "Leave &lt;b&gt;the&lt;/b&gt; notes."):
        assert words in listed
    page_of(signed_in, goal)
    end(mentorship)
    assert signed_in.get(today).context["page"].waiting == []


def test_owner_writes_replies_edits_and_deletes(signed_in, mentorship, goal, now):
    comment = say(mentorship, goal, "Try it.", now=now)
    step = only_step(goal)
    write = reverse("conversation:comment", args=[goal.pk])
    typed = {"text": "I did.", "to": mentorship.pk, "about": step.pk, "form_key": uuid4()}
    for _ in range(2):
        assert signed_in.post(write, typed).url == f"{goal.get_absolute_url()}#comments"
    mine = Comment.objects.get(author="owner")
    assert (mine.text, mine.step, mine.mentorship) == ("I did.", step, mentorship)
    signed_in.post(reverse("conversation:reply", args=[comment.pk]), {"text": "Thanks.", "form_key": uuid4()})
    assert comment.replies.get().text == "Thanks."
    page = page_of(signed_in, goal)
    assert f"About the step <bdi>{step.title}</bdi>" in page
    edit = reverse("conversation:edit", args=[mine.pk])
    signed_in.post(edit, {"text": "I did it twice.", "form_key": uuid4()})
    for row in (mine, comment):
        signed_in.post(reverse("conversation:delete", args=[row.pk]))
    texts = list(Comment.objects.order_by("pk").values_list("text", flat=True))
    assert texts == ["", "", "Thanks."]
    assert "This comment was deleted." in page_of(signed_in, goal)
    assert signed_in.get(edit).status_code == 404
    assert signed_in.post(reverse("conversation:edit", args=[comment.pk])).status_code == 404


@pytest.mark.parametrize("text", ["", "x" * 2001])
def test_a_comment_that_does_not_fit_stays_on_the_page(signed_in, mentorship, goal, text):
    typed = {"text": text, "to": mentorship.pk, "form_key": uuid4()}
    answer = signed_in.post(reverse("conversation:comment", args=[goal.pk]), typed)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["text"]
    assert text in answer.content.decode()
    assert not Comment.objects.exists()


def test_refused_words_stay_on_the_page(signed_in, mentorship, goal, monkeypatch):
    monkeypatch.setattr(Comment, "MOST_A_DAY", 0)
    typed = {"text": "Kept", "to": mentorship.pk, "form_key": uuid4()}
    answer = signed_in.post(reverse("conversation:comment", args=[goal.pk]), typed)
    assert "You have written a lot today." in answer.content.decode()
    assert "Kept" in answer.content.decode()


def test_with_several_people_the_owner_chooses_to_whom(user, signed_in, mentorship, goal, now):
    other = share_with_mentor(user, goal, name="Joan Ellis", now=now)
    hidden = share_with_mentor(user, name="Ann Other", now=now)
    write = reverse("conversation:comment", args=[goal.pk])
    signed_in.post(write, {"text": "To Joan.", "to": other.pk, "form_key": uuid4()})
    refused = signed_in.post(write, {"text": "To Ann.", "to": hidden.pk, "form_key": uuid4()})
    assert list(refused.context["form"].errors) == ["to"]
    assert Comment.objects.get().mentorship == other


def test_words_for_somebody_who_has_gone_reach_nobody_else(user, signed_in, mentorship, goal, now):
    joan = share_with_mentor(user, goal, name="Joan Ellis", now=now)
    write = reverse("conversation:comment", args=[goal.pk])
    end(joan)
    assert f'<input type="hidden" name="to" value="{mentorship.pk}"' in page_of(signed_in, goal)
    for to in ({"to": joan.pk}, {}):
        answer = signed_in.post(write, {"text": "Between us, Joan.", "form_key": uuid4(), **to})
        assert list(answer.context["form"].errors) == ["to"]
        page = answer.content.decode()
        assert "Between us, Joan." in page
        assert '<option value="">Choose a person</option>' in page.replace(" selected", "")
    closed = only_step(goal)
    type(closed).objects.update(state="done", done_at=now)
    typed = {"text": "About the step.", "to": mentorship.pk, "about": closed.pk, "form_key": uuid4()}
    assert list(signed_in.post(write, typed).context["form"].errors) == ["about"]
    end(mentorship)
    answer = signed_in.post(write, {**typed, "about": ""})
    assert "Nobody sees this now." in answer.content.decode()
    assert "About the step." in answer.content.decode()
    assert not Comment.objects.exists()


def test_review_has_comments_where_reviews_are_shared(user, signed_in, mentorship, goal, now):
    review = make_finished_review(user, now)
    assert "Comments" not in signed_in.get(review.get_absolute_url()).content.decode()
    Mentorship.objects.update(shows_reviews=True)
    say(mentorship, goal, "Well reviewed.", about=Subject(review=review.pk), now=now)
    assert "Well reviewed." in signed_in.get(review.get_absolute_url()).content.decode()
    write = reverse("conversation:comment-review", args=[review.pk])
    typed = {"text": "Thank you.", "to": mentorship.pk, "form_key": uuid4()}
    assert signed_in.post(write, typed).status_code == 302
    assert Comment.objects.filter(review=review, author="owner").count() == 1


def test_a_comment_becomes_a_step_with_proposed_words_and_undo(signed_in, mentorship, goal, now):
    late = only_step(goal)
    comment = say(
        mentorship, goal, "Rehearse for me tomorrow. Bring two colleagues.", now=now,
        about=Subject(goal=goal.pk, step=late.pk),
    )  # fmt: skip
    address = reverse("conversation:make-step", args=[comment.pk])
    form = signed_in.get(address).context["form"]
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert form.initial["step_title"] == "Rehearse for me tomorrow"
    assert form.initial["step_due_on"] == tomorrow
    typed = {"step_title": "Rehearse", "step_due_on": tomorrow, "form_key": uuid4(), "finishes": "on"}
    answer = signed_in.post(address, typed, follow=True)
    assert (goal.steps.count(), goal.steps.filter(state="done").get()) == (2, late)
    page = answer.content.decode()
    assert "A step for" in page
    key = undo_key(page)
    assert signed_in.post(reverse("conversation:undo"), {"key": uuid4()}, follow=True).status_code == 200
    assert goal.steps.count() == 2
    signed_in.post(reverse("conversation:undo"), {"key": key})
    assert [(step.pk, step.state) for step in goal.steps.all()] == [(late.pk, "to_do")]
    assert "Make this a step" in page_of(signed_in, goal)


def test_suggestion_is_taken_changed_or_declined(signed_in, mentorship, goal, now):
    soon, step = timezone.localdate() + timedelta(days=3), only_step(goal)
    taken = propose(mentorship, goal, "Rehearse", due_on=soon, now=now)
    moved = propose(mentorship, goal, "", step=step.pk, due_on=soon, now=now)
    changed, declined = propose(mentorship, goal, "Call Dr Osei", now=now), propose(mentorship, goal, now=now)
    for row in (taken, moved):
        signed_in.post(reverse("conversation:take", args=[row.pk]))
    step.refresh_from_db()
    assert step.due_on == soon
    typed = {"step_title": "Email Dr Osei", "step_due_on": "", "form_key": uuid4()}
    signed_in.post(reverse("conversation:change", args=[changed.pk]), typed)
    signed_in.post(reverse("conversation:decline", args=[declined.pk]), {"line": "Not this month."})
    answers = list(Suggestion.objects.order_by("pk").values_list("answer", "answer_line"))
    assert answers == [("taken", ""), ("taken", ""), ("changed", ""), ("declined", "Not this month.")]
    assert set(goal.steps.values_list("title", flat=True)) == {step.title, "Rehearse", "Email Dr Osei"}
    signed_in.post(reverse("conversation:take", args=[declined.pk]))
    assert goal.steps.count() == 3


def test_a_suggested_day_that_does_not_fit_any_more_is_asked_about(signed_in, mentorship, goal, now):
    made = propose(mentorship, goal, "Rehearse", due_on=goal.due_on, now=now)
    Suggestion.objects.update(due_on=goal.due_on + timedelta(days=9))
    change = reverse("conversation:change", args=[made.pk])
    assert signed_in.post(reverse("conversation:take", args=[made.pk])).url == change
    answer = signed_in.post(change, {**signed_in.get(change).context["form"].initial})
    assert list(answer.context["form"].errors) == ["step_due_on"]
    assert goal.steps.count() == 1


def test_nothing_of_a_closed_goal_changes(signed_in, mentorship, goal, now):
    comment, made = say(mentorship, goal, now=now), propose(mentorship, goal, now=now)
    type(goal).objects.filter(pk=goal.pk).update(state="reached", closed_at=now)
    for name, row in (("take", made), ("make-step", comment)):
        signed_in.post(reverse(f"conversation:{name}", args=[row.pk]), {"step_title": "x", "form_key": uuid4()})
    assert goal.steps.count() == 1
    assert say(mentorship, goal, "Congratulations.", now=now).text in page_of(signed_in, goal)


def test_an_old_message_does_not_undo_what_changed_since(signed_in, mentorship, goal, now):
    made = propose(mentorship, goal, "Rehearse", now=now)
    page = signed_in.post(reverse("conversation:take", args=[made.pk]), follow=True).content.decode()
    key = undo_key(page)
    update_step(step=goal.steps.get(title="Rehearse"), changes={"details": "At noon"}, now=now)
    signed_in.post(reverse("conversation:undo"), {"key": key})
    assert goal.steps.filter(title="Rehearse").exists()


def test_undo_reopens_only_what_was_taken_and_deletes_no_words(user, signed_in, mentorship, goal, now):
    step, soon = only_step(goal), timezone.localdate() + timedelta(days=3)
    joan = share_with_mentor(user, goal, name="Joan Ellis", now=now)
    before = propose(joan, goal, "", step=step.pk, due_on=soon, now=now)
    signed_in.post(reverse("conversation:take", args=[before.pk]), follow=True)
    moved = propose(mentorship, goal, "", step=step.pk, due_on=soon + timedelta(days=1), now=now)
    page = signed_in.post(reverse("conversation:take", args=[moved.pk]), follow=True).content.decode()
    signed_in.post(reverse("conversation:undo"), {"key": undo_key(page)})
    assert list(Suggestion.objects.order_by("pk").values_list("answer", flat=True)) == ["taken", ""]
    made = propose(mentorship, goal, "Rehearse", now=now)
    page = signed_in.post(reverse("conversation:take", args=[made.pk]), follow=True).content.decode()
    new = goal.steps.get(title="Rehearse")
    comment = say(mentorship, goal, "Film it.", about=Subject(goal=goal.pk, step=new.pk), now=now)
    answer = signed_in.post(reverse("conversation:undo"), {"key": undo_key(page)}, follow=True)
    assert "It is too late to undo this." in answer.content.decode()
    assert Comment.objects.filter(pk=comment.pk, step=new).exists()


def test_another_date_for_the_goal_needs_the_owners_reason(signed_in, mentorship, goal, now):
    """Nothing moves by the button; the form has the suggested day; the mentor hears what became of it."""
    due, later = goal.due_on, goal.due_on + timedelta(days=20)
    replaced = propose(mentorship, goal, "", due_on=due + timedelta(days=5), now=now)
    made = propose(mentorship, goal, "", due_on=later, now=now)
    page = page_of(signed_in, goal)
    assert "suggests another due date for this goal" in page
    assert f'id="suggestion-{replaced.pk}"' not in page
    change = reverse("conversation:change", args=[made.pk])
    assert signed_in.post(reverse("conversation:take", args=[made.pk])).url == change
    form = signed_in.get(change).content.decode()
    assert f'value="{later.isoformat()}"' in form
    data = {"due_on": later.isoformat(), "shown": f"due_on={due.isoformat()}"}
    data["shown_due"] = later.isoformat()
    assert "reason" in signed_in.post(change, data).context["form"].errors
    goal.refresh_from_db()
    assert goal.due_on == due
    answer = signed_in.post(change, data | {"reason": "life"}, follow=True)
    assert "The goal is now due on" in answer.content.decode()
    goal.refresh_from_db()
    made.refresh_from_db()
    assert (goal.due_on, made.answer, goal.changes.get().reason) == (later, "taken", "life")
    seen = let_in(mentorship).get(reverse("mentor:goal", args=[mentorship.key, goal.pk])).content.decode()
    assert "You suggest another due date for this goal" in seen
    assert "Taken" in seen
    again = signed_in.post(change, data | {"reason": "life"}, follow=True).content.decode()
    assert "You have answered this already." in again
    assert goal.changes.count() == 1


def test_a_goal_moves_to_another_day_than_the_suggested_one_or_stays(signed_in, mentorship, goal, now):
    day, mine = goal.due_on + timedelta(days=20), goal.due_on + timedelta(days=10)
    made = propose(mentorship, goal, "", due_on=day, now=now)
    data = {"due_on": mine.isoformat(), "shown": f"due_on={goal.due_on}", "shown_due": mine.isoformat()}
    signed_in.post(reverse("conversation:change", args=[made.pk]), data | {"reason": "life"})
    goal.refresh_from_db()
    made.refresh_from_db()
    assert (goal.due_on, made.answer) == (mine, "changed")
    other = propose(mentorship, goal, "", due_on=day, now=now)
    unmoved = data | {"shown": f"due_on={mine}"}
    refused = signed_in.post(reverse("conversation:change", args=[other.pk]), unmoved)
    assert "due_on" in refused.context["form"].errors
    signed_in.post(reverse("conversation:decline", args=[other.pk]), {"line": "The course starts then."})
    other.refresh_from_db()
    assert (other.answer, goal.changes.count()) == ("declined", 1)


@pytest.mark.parametrize("count", [1, 20])
def test_query_count_does_not_grow(user, signed_in, mentorship, goal, now, django_assert_num_queries, count):
    for n in range(count):
        say(mentorship, goal, reply_to=say(mentorship, goal, by=Side.OWNER, now=now), now=now)
        Suggestion.objects.create(mentorship=mentorship, goal=goal, title=f"Step {n}", suggested_at=now)
    page_of(signed_in, goal)
    # 8 without comments; comments, suggestions, and what is new on other pages.
    with django_assert_num_queries(10 + (count > 10)):
        page_of(signed_in, goal)
    with django_assert_num_queries(3):  # user, what waits, emails
        signed_in.get(reverse("conversation:waiting"))


def test_emails_stop_by_one_click_and_start_again(client, signed_in, user, other_user):
    link = stop_url(user).split("/", 3)[3]
    assert client.get(f"/{link}").status_code == 200
    assert not StoppedDigest.objects.exists()
    assert client.post(f"/{link}").status_code == 200
    assert [row.user for row in StoppedDigest.objects.all()] == [user]
    signed_in.post(reverse("conversation:emails"), {"resume": "1"})
    assert not StoppedDigest.objects.exists()
    forged = link.replace(f"{user.pk}:", f"{other_user.pk}:")
    assert client.post(f"/{forged}").status_code == 404
    user.email = "new@example.org"
    user.save()
    assert client.post(f"/{link}").status_code == 404


@pytest.mark.parametrize(
    ("text", "title", "day"),
    [
        ("I will happily watch one. Thursday after clinic? Bring two.", "I will happily watch one", date(2026, 12, 3)),
        ("Call her on 12 December 2026, then write.", "Call her on 12 December 2026, then write", date(2026, 12, 12)),
        ("No day here", "No day here", None),
        ("Finish by 1 May 2030", "Finish by 1 May 2030", None),  # after the goal
        ("?!\n", "", None),
        ("word " * 100, ("word " * 40).strip(), None),
    ],
)
def test_words_and_day_are_proposed(text, title, day):
    assert propose_title(text) == title
    assert propose_day(text, MONDAY, date(2027, 6, 30)) == day
