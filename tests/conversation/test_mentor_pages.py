"""The mentor's pages for comments and suggestions, and their wall: everyone at every address, with guessed ids."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from careerplan.conversation.mentor import queries
from careerplan.conversation.models import Comment, Side, Suggestion
from careerplan.conversation.services.suggestions import decline
from careerplan.mentoring.models import Mentorship
from careerplan.mentoring.services.ending import stop_sharing
from tests.architecture import routes
from tests.database import Watch, undone
from tests.factories.accounts import UserFactory
from tests.factories.conversation import propose, say, share_with_mentor
from tests.factories.goals import make_goal, only_step
from tests.factories.mentoring import let_in
from tests.factories.reviews import make_finished_review

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CANARY = f"canary-{uuid4().hex[:12]}"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def goal(user):
    day = timezone.localdate() + timedelta(days=90)
    return make_goal(user, due_on=day, title="Speak to 100 people")


@pytest.fixture
def mentorship(user, goal, now):
    make_finished_review(user, now)
    return share_with_mentor(user, goal, now=now, shows_reviews=True)


@pytest.fixture
def mentor(mentorship):
    return let_in(mentorship)


def address(name, mentorship, pk):
    return reverse(f"talk:{name}", args=[mentorship.key, pk])


def goal_page(mentor, mentorship, goal):
    return mentor.get(reverse("mentor:goal", args=[mentorship.key, goal.pk])).content.decode()


def test_mentor_writes_replies_edits_deletes_and_suggests(mentor, mentorship, goal, now):
    asked, step = say(mentorship, goal, "Was it <i>good</i>?", by=Side.OWNER, now=now), only_step(goal)
    plan = mentor.get(reverse("mentor:plan", args=[mentorship.key])).content.decode()
    assert "New comment on" in plan
    first, second = goal_page(mentor, mentorship, goal), goal_page(mentor, mentorship, goal)
    assert "Was it &lt;i&gt;good&lt;/i&gt;?" in first
    assert [first.count("cp-new"), second.count("cp-new")] == [1, 0]
    typed = {"text": "Very.", "about": step.pk, "form_key": uuid4()}
    for _ in range(2):
        assert mentor.post(address("comment", mentorship, goal.pk), typed).status_code == 302
    mine = Comment.objects.get(author="mentor")
    mentor.post(address("reply", mentorship, asked.pk), {"text": "Yes.", "form_key": uuid4()})
    mentor.post(address("edit", mentorship, mine.pk), {"text": "Very good.", "form_key": uuid4()})
    mine.refresh_from_db()
    assert (mine.text, mine.step, asked.replies.get().text) == ("Very good.", step, "Yes.")
    mentor.post(address("delete", mentorship, mine.pk))
    assert Comment.objects.get(pk=mine.pk).deleted_at
    day = timezone.localdate() + timedelta(days=9)
    suggest = address("suggest", mentorship, goal.pk)
    mentor.post(suggest, {"title": "Rehearse", "due_on": day, "form_key": uuid4()})
    mentor.post(suggest, {"what": step.pk, "due_on": day, "form_key": uuid4()})
    assert list(Suggestion.objects.values_list("title", "step", "due_on")) == [
        ("Rehearse", None, day),
        ("", step.pk, day),
    ]
    mentor.post(address("withdraw", mentorship, Suggestion.objects.last().pk))
    decline(suggestion=Suggestion.objects.first(), line="Not now.", now=now)
    page = goal_page(mentor, mentorship, goal)
    assert ("Not now." in page, "Declined" in page, "Another day" in page) == (True, True, True)
    assert goal.steps.get() == step


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [({"title": ""}, "title"), ({"title": "x", "due_on": "2020-01-01"}, "due_on"), ({"title": "x" * 201}, "title")],
)
def test_a_suggestion_that_does_not_fit_stays_on_the_page(mentor, mentorship, goal, typed, wrong):
    answer = mentor.post(address("suggest", mentorship, goal.pk), {**typed, "form_key": uuid4()})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [wrong]
    assert not Suggestion.objects.exists()


def test_another_due_date_for_the_goal_is_suggested(mentor, mentorship, goal):
    typed = {"what": "goal", "form_key": str(uuid4())}
    for wrong in ("", goal.due_on.isoformat(), (timezone.localdate() - DAY).isoformat()):
        answer = mentor.post(address("suggest", mentorship, goal.pk), typed | {"due_on": wrong})
        assert list(answer.context["form"].errors) == ["due_on"]
    later = goal.due_on + 30 * DAY
    for _click in range(2):
        mentor.post(address("suggest", mentorship, goal.pk), typed | {"due_on": later.isoformat(), "title": "Not used"})
    [made] = Suggestion.objects.all()
    assert (made.is_goal_date, made.due_on, made.title) == (True, later, "")
    goal.refresh_from_db()
    assert goal.due_on != later


def test_review_has_comments(user, mentor, mentorship):
    review = user.plans.get().reviews.get()
    page = address("review", mentorship, review.pk)
    assert mentor.get(page).status_code == 200
    mentor.post(address("comment-review", mentorship, review.pk), {"text": "Well done.", "form_key": uuid4()})
    assert "Well done." in mentor.get(page).content.decode()
    same = {one.attname: getattr(review, one.attname) for one in review._meta.concrete_fields if not one.primary_key}
    for n in range(1, 22):  # more than are listed; the old one keeps its page
        days = {name: getattr(review, name) + n * DAY for name in ("due_on", "made_at", "started_at", "finished_at")}
        type(review).objects.create(**same | days)
    assert mentor.get(page).status_code == 200
    Mentorship.objects.update(shows_reviews=False)
    assert mentor.get(page).status_code == 404


@pytest.fixture
def everything(user, mentorship, goal, now):
    """One of each thing that can be named in an address: what is shared, and what is not but could be guessed."""
    hidden = make_goal(user, title=f"Hidden {CANARY}", due_on=goal.due_on)
    other = share_with_mentor(user, goal, hidden, name="Joan Ellis", now=now, shows_reviews=True)
    stranger = UserFactory()
    foreign_goal = make_goal(stranger, title=CANARY, due_on=goal.due_on)
    foreign = share_with_mentor(stranger, foreign_goal, now=now)
    unshared = share_with_mentor(user, hidden, name="Ann Other", now=now)
    mine = {
        "goal": goal.pk,
        "review": user.plans.get().reviews.get().pk,
        "comment": say(mentorship, goal, "Mine.", now=now).pk,
        "suggestion": propose(mentorship, goal, now=now).pk,
    }
    not_mine = {
        "goal": [hidden.pk, foreign_goal.pk],
        "review": [make_finished_review(stranger, now).pk],
        "comment": [
            say(other, goal, CANARY, now=now).pk,
            say(unshared, hidden, CANARY, now=now).pk,
            say(foreign, foreign_goal, CANARY, now=now).pk,
        ],
        "suggestion": [
            propose(other, hidden, CANARY, now=now).pk,
            propose(other, goal, CANARY, now=now).pk,
            propose(foreign, foreign_goal, CANARY, now=now).pk,
        ],
    }
    return mine, not_mine, other


def test_the_wall(user, mentorship, goal, everything, now, subtests):
    mine, not_mine, other = everything
    revoked = share_ended(user, goal, now)
    account = Client()
    account.force_login(UserFactory())
    owner = Client()
    owner.force_login(user)
    inside = let_in(mentorship)
    expired = let_in(mentorship)
    mentorship.sessions.order_by("-pk").first().delete()
    outside = [
        ("anonymous", Client(), mentorship),
        ("an account", account, mentorship),
        ("expired", expired, mentorship),
    ]
    outside += [("mentor of another", let_in(other), mentorship), ("owner", owner, mentorship)]
    outside += [("revoked", let_in(revoked), revoked)]
    invited = Mentorship.objects.get(name="Ann Other")
    invited.shared_goals.create(goal=goal, shared_at=now)
    Mentorship.objects.filter(pk=invited.pk).update(state="invited", accepted_at=None, shows_reviews=True)
    outside += [("invited, not confirmed", let_in(invited), invited)]
    asked, watch = 0, Watch()
    typed = {"text": "Typed words", "title": "Typed words", "form_key": str(uuid4())}
    for name, kind in routes.TALK.items():
        for method in ("get", "post"):
            for who, browser, whose in outside:
                with subtests.test(f"{who} {method} {name}"), undone():
                    watch.begin()
                    answer = getattr(browser, method)(address(name[5:], whose, mine[kind]), typed)
                    asked += 1
                    assert answer.status_code in {302, 403, 404, 405, 410}
                    assert not answer.headers.get("Location", "").endswith("#comments")
                    assert "Mine." not in answer.content.decode()
                    assert CANARY not in answer.content.decode()
                    assert watch.saw_nothing()
            for guessed in [*not_mine[kind], 10**17]:
                with subtests.test(f"guessed {method} {name}"), undone():
                    watch.begin()
                    answer = getattr(inside, method)(address(name[5:], mentorship, guessed), typed)
                    asked += 1
                    takes = name not in routes.POST_ONLY if method == "get" else name != "talk:review"
                    assert answer.status_code == (404 if takes else 405)
                    assert watch.saw_nothing()
    print(f"{asked} requests at {len(routes.TALK)} routes of conversations, violations 0")


def share_ended(owner, goal, now):
    over = {"place": None, "state": "ended", "end_reason": "stopped", "ended_at": now}
    return share_with_mentor(owner, goal, name="Left Early", now=now, **over)


def test_guessed_ids_in_bodies_are_refused(mentor, mentorship, goal, everything, now):
    _mine, not_mine, _other = everything
    before = (Comment.objects.count(), Suggestion.objects.count())
    for foreign in not_mine["goal"]:
        step = only_step(goal.__class__.objects.get(pk=foreign)).pk
        comment = mentor.post(
            address("comment", mentorship, goal.pk), {"text": "x", "about": step, "form_key": uuid4()}
        )
        moved = {"what": step, "due_on": timezone.localdate(), "form_key": uuid4()}
        suggestion = mentor.post(address("suggest", mentorship, goal.pk), moved)
        assert list(comment.context["form"].errors) == ["about"]
        assert "what" in suggestion.context["form"].errors
    assert (Comment.objects.count(), Suggestion.objects.count()) == before
    assert CANARY not in goal_page(mentor, mentorship, goal)


def test_a_dropped_condition_would_be_seen(mentor, mentorship, goal, everything, monkeypatch):
    """The same guessed ids, with the condition of what is shared taken out of the narrow queries."""
    _mine, not_mine, _other = everything
    guessed = not_mine["comment"][1]
    assert mentor.get(address("reply", mentorship, guessed)).status_code == 404
    wide = Comment.objects.filter(~Q(pk=None)).select_related("mentorship__owner", "step", "made_step")
    monkeypatch.setattr(queries, "visible_comments", lambda mentorship: wide)
    assert mentor.get(address("reply", mentorship, guessed)).status_code == 200


def test_revoked_between_the_page_and_its_post(mentor, mentorship, goal, now):
    assert "Write to" in goal_page(mentor, mentorship, goal)
    stop_sharing(mentorship=mentorship, now=now)
    answer = mentor.post(
        address("comment", mentorship, goal.pk), {"text": "Half a page of advice", "form_key": uuid4()}
    )
    assert answer.status_code == 410
    assert "Half a page of advice" in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_goal_that_is_no_longer_shared_takes_its_comments_away(user, mentor, mentorship, goal, now):
    mine = say(mentorship, goal, "Mine.", now=now)
    mentorship.shared_goals.all().delete()
    for name in ("reply", "edit"):
        assert mentor.get(address(name, mentorship, mine.pk)).status_code == 404
    assert mentor.post(address("delete", mentorship, mine.pk)).status_code == 404
    owner = Client()
    owner.force_login(user)
    page = owner.get(goal.get_absolute_url()).content.decode()
    assert "Mine." in page
    assert "Nobody sees this now." in page


def test_the_owner_looks_at_the_same_without_buttons_and_marks_nothing(user, mentorship, goal, now):
    say(mentorship, goal, "Read me.", by=Side.OWNER, now=now)
    owner = Client()
    owner.force_login(user)
    page = owner.get(reverse("people:view-goal", args=[mentorship.pk, goal.pk])).content.decode()
    assert "Read me." in page
    assert "/with/" not in page
    assert Comment.objects.get().read_at is None


@pytest.mark.parametrize("count", [1, 20])
def test_query_count_does_not_grow(mentor, mentorship, goal, now, django_assert_max_num_queries, count):
    for _ in range(count):
        say(mentorship, goal, reply_to=say(mentorship, goal, now=now), by=Side.OWNER, now=now)
    goal_page(mentor, mentorship, goal)
    with django_assert_max_num_queries(14):
        goal_page(mentor, mentorship, goal)


def test_long_conversations_have_pages_and_a_new_reply_is_on_the_first(mentor, mentorship, goal, now):
    first, *_rest = [say(mentorship, goal, f"Comment {n}.", now=now + timedelta(minutes=n)) for n in range(1, 13)]
    address_of_goal = reverse("mentor:goal", args=[mentorship.key, goal.pk])

    def shown(page):
        text = mentor.get(f"{address_of_goal}?comments={page}").content.decode()
        numbers = [n for n in range(1, 13) if f"Comment {n}." in text]
        return numbers, "Older comments" in text, "Newer comments" in text

    assert shown(1) == ([*range(3, 13)], True, False)
    assert shown(2) == ([1, 2], False, True)
    assert shown(3) == shown(1)
    say(mentorship, goal, "An answer.", by=Side.OWNER, reply_to=first, now=now + DAY)
    for strange in ("1", "0", "-1", "x", "²", "9" * 30):
        assert shown(strange) == ([1, *range(4, 13)], True, False)
    assert shown(2)[0] == [2, 3]
    Comment.objects.filter(pk=first.pk).update(deleted_at=now, text="")
    assert "This comment was deleted." in mentor.get(address_of_goal).content.decode()


def test_a_link_to_a_comment_opens_the_page_that_it_is_on(mentor, mentorship, goal, now, user):
    """However many were written since: of both people, and what is new on other pages is counted."""
    old, *_rest = [say(mentorship, goal, now=now + timedelta(minutes=n), by=Side.OWNER) for n in range(12)]
    reply = say(mentorship, goal, now=now + timedelta(seconds=1), by=Side.OWNER, reply_to=old)
    plan = mentor.get(reverse("mentor:plan", args=[mentorship.key])).content.decode()
    address = reverse("mentor:goal", args=[mentorship.key, goal.pk])
    assert f'href="{address}?comment={old.pk}#comment-{old.pk}"' in plan
    first = mentor.get(address).content.decode()
    assert f'id="comment-{old.pk}"' not in first
    assert "3 new comments on other pages" in first
    assert f'href="?comment={old.pk}#comment-{old.pk}"' in first
    assert Comment.objects.unread_by(Side.MENTOR).count() == 3
    for one in (old, reply):
        page = mentor.get(f"{address}?comment={one.pk}").content.decode()
        assert f'id="comment-{old.pk}"' in page
        assert f'id="comment-{reply.pk}"' in page
        assert "on other pages" not in page
    assert not Comment.objects.unread_by(Side.MENTOR).exists()
    elsewhere = say(share_with_mentor(user, goal, name="Joan Ellis"), goal, "Not for you.", now=now)
    for strange in (elsewhere.pk, 0, "x", "9" * 40):
        page = mentor.get(f"{address}?comment={strange}").content.decode()
        assert "Not for you." not in page
        assert "Older comments" in page


def test_the_owner_is_led_to_a_comment_on_an_older_page(user, mentorship, goal, now):
    owner = Client()
    owner.force_login(user)
    old, *_rest = [say(mentorship, goal, now=now + timedelta(minutes=n)) for n in range(12)]
    assert "2 new comments on other pages" in owner.get(goal.get_absolute_url()).content.decode()
    waiting = reverse("conversation:waiting")
    urls = [row.url for row in owner.get(waiting).context["rows"]]
    assert len(urls) == 2
    assert urls[-1] == f"{goal.get_absolute_url()}?comment={old.pk}#comment-{old.pk}"
    assert f'id="comment-{old.pk}"' in owner.get(urls[-1].split("#")[0]).content.decode()
    assert owner.get(waiting).context["rows"] == []
