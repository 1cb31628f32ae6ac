"""Pages of reviews."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse

from careerplan.goals.models import Goal
from careerplan.goals.services.goals import close_goal, delete_goal
from careerplan.reviews import services
from careerplan.reviews.models import Review, ReviewGoal
from careerplan.reviews.texts import reached_on_text, reached_so_far_text, unanswered_text
from tests.conflicts import choose, conflicts_in, shown_in, shown_on
from tests.factories.goals import NOW, NOW_ON, make_entry, make_goal
from tests.factories.reviews import finish, make_finished_review, start

pytestmark = pytest.mark.django_db
YES_NO = {"measure_kind": Goal.MeasureKind.YES_NO, "done_when": "A signed contract"}
DUE = datetime(2027, 4, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stopped_clock():
    with time_machine.travel(DUE, tick=False):
        yield


@pytest.fixture
def other(user, goal):
    """A second goal, due later."""
    return make_goal(user, title="Be appointed", measure=YES_NO, due_on=date(2027, 9, 30))


def post(client, place=1, go="next", **answers):
    page = {**shown_on(client, "reviews:goal", place), "go": go, "answer": "", "decision": "", "note": "", **answers}
    return client.post(reverse("reviews:goal", args=[place]), page)


def test_reviews_need_a_goal(signed_in):
    assert reverse("goals:new") in signed_in.get(reverse("reviews:list")).content.decode()
    assert signed_in.post(reverse("reviews:start")).url == reverse("reviews:list")
    assert signed_in.get(reverse("reviews:schedule")).url == reverse("reviews:list")


def test_due_review_shows_goals_and_minutes(signed_in, goal, other):
    due = signed_in.get(reverse("reviews:list")).context["next"]
    assert (due.due_on, due.is_due, due.goals, due.minutes) == (date(2027, 4, 4), True, 2, 7)
    Review.objects.create(plan=goal.plan, due_on=date(2027, 4, 4), made_at=DUE)
    assert f'action="{reverse("reviews:start")}"' in signed_in.get(reverse("dashboard:today")).content.decode()


def test_review_goal_by_goal_and_finish(signed_in, goal, other):
    make_entry(goal, 3)
    assert signed_in.post(reverse("reviews:start")).url == reverse("reviews:continue")
    assert signed_in.get(reverse("reviews:continue")).url == reverse("reviews:goal", args=[1])
    page = signed_in.get(reverse("reviews:goal", args=[1]))
    facts = page.context["screen"].facts
    assert (facts.value_before, facts.row.value, facts.steps.done) == (0, 3, 0)
    assert (page.context["place"], page.context["minutes_left"]) == (1, 7)
    first = post(signed_in, value="5", answer="a_little_behind", decision="keep", note="Two shifts are agreed")
    assert first.url == reverse("reviews:goal", args=[2])
    assert post(signed_in, 2, answer="on_track", decision="adjust").url == reverse("reviews:overall")
    overall = {**shown_on(signed_in, "reviews:overall"), "went_well": "The talk", "obstacles": "", "next": "Abstract"}
    done = signed_in.post(reverse("reviews:finish"), overall)
    review = Review.objects.get()
    assert done.url == review.get_absolute_url()
    page = signed_in.get(done.url)
    text = page.content.decode()
    for shown in ("5 of 12 shifts", "Two shifts are agreed", "The talk", "Abstract", reached_so_far_text(review)):
        assert shown in text
    assert page.context["next"].due_on == date(2027, 7, 4)
    assert (review.goals_open, review.goals_on_track, review.obstacles) == (2, 1, "")
    assert f'href="{reverse("goals:edit", args=[other.pk])}?from=review:{review.pk}"' in text
    assert goal.progress_entries.get(value=5).measured_on == DUE.date()
    goal.refresh_from_db()
    assert goal.is_active


@pytest.mark.parametrize(
    ("go", "leads_to"),
    [
        ("next", "/reviews/current/overall/"),
        ("back", "/reviews/current/1/"),
        ("close", "/reviews/"),
        ("to:1", "/reviews/current/1/"),
        ("to:overall", "/reviews/current/overall/"),
        ("to:-5", "/reviews/current/overall/"),
        ("to:99999999999", "/reviews/current/overall/"),
        ("nonsense", "/reviews/current/overall/"),
    ],
)
def test_every_button_saves(signed_in, user, goal, other, go, leads_to):
    start(user, DUE)
    assert post(signed_in, 2, go=go, answer="behind", note="Winter").url == leads_to
    row = ReviewGoal.objects.get(position=2)
    assert (row.answer, row.note, row.decision) == ("behind", "Winter", "")


@pytest.mark.parametrize(
    ("decision", "leads_to"),
    [
        ("adjust", "/goals/{}/edit/?from=review"),
        ("split", "/goals/new/?split={}"),
        ("reached", "/goals/{}/reached/"),
        ("let_go", "/goals/{}/let-go/"),
        ("keep", "/goals/{}/"),
        ("../../x", "/goals/{}/"),
    ],
)
def test_decision_button_opens_the_page_of_the_goal(signed_in, user, goal, decision, leads_to):
    start(user, DUE)
    assert post(signed_in, go=f"act:{decision}", note="Now").url == leads_to.format(goal.pk)
    assert ReviewGoal.objects.get().note == "Now"


def test_continue_opens_the_first_unanswered_goal(signed_in, user, goal, other):
    start(user, DUE)
    post(signed_in, 1, answer="on_track", decision="keep")
    assert signed_in.get(reverse("reviews:continue")).url == reverse("reviews:goal", args=[2])
    post(signed_in, 2, answer="on_track", decision="keep")
    assert signed_in.get(reverse("reviews:continue")).url == reverse("reviews:overall")
    assert signed_in.get(reverse("reviews:list")).context["next"].is_started


def test_invalid_number_is_shown_and_the_rest_is_saved(signed_in, user, goal):
    start(user, DUE)
    page = post(signed_in, value="many", answer="behind", note="Kept")
    assert (page.status_code, page.context["form"].has_error("value", "invalid")) == (200, True)
    assert 'value="many"' in page.content.decode()
    row = ReviewGoal.objects.get()
    assert (row.answer, row.note, goal.progress_entries.count()) == ("behind", "Kept", 0)


def test_autosave_records_no_progress(signed_in, user, goal):
    start(user, DUE)
    answer = post(signed_in, go="stay", value="1", note="Half").json()
    row = ReviewGoal.objects.get()
    assert (answer["problem"], answer["conflicts"], answer["shown"]) == ("", "", "answer=&decision=&note=Half")
    assert "13:00" in answer["saved"]
    assert (row.note, row.unrecorded_value, goal.progress_entries.count()) == ("Half", "1", 0)
    assert 'value="1"' in signed_in.get(reverse("reviews:goal", args=[1])).content.decode()
    post(signed_in, value="10", note="Half")
    assert (goal.progress_entries.get().value, ReviewGoal.objects.get().unrecorded_value) == (Decimal(10), "")


def test_continue_opens_a_goal_with_an_unrecorded_number(signed_in, user, goal, other):
    """The browser was closed before the person saw the error. All else is answered."""
    start(user, DUE)
    post(signed_in, go="stay", value="9 1/2x", answer="on_track", decision="keep")
    assert signed_in.get(reverse("reviews:continue")).url == reverse("reviews:goal", args=[1])
    page = signed_in.get(reverse("reviews:goal", args=[1]))
    assert 'value="9 1/2x"' in page.content.decode()
    assert page.context["form"].pending_reason != ""
    assert "9 1/2x" in signed_in.get(reverse("reviews:overall")).content.decode()
    assert post(signed_in, value="9.5", answer="on_track", decision="keep").status_code == 302
    assert (goal.progress_entries.get().value, ReviewGoal.objects.get(position=1).unrecorded_value) == (
        Decimal("9.5"),
        "",
    )
    assert signed_in.get(reverse("reviews:continue")).url == reverse("reviews:goal", args=[2])


def test_unrecorded_number_survives_autosave(signed_in, user, goal):
    start(user, DUE)
    answers = {"go": "stay", "answer": "on_track", "decision": "keep", "value": "10"}
    for note in ("", "Half", "Half a thought"):
        post(signed_in, **answers, note=note)
        assert ReviewGoal.objects.get().unrecorded_value == "10"
    assert signed_in.get(reverse("reviews:continue")).url == reverse("reviews:goal", args=[1])
    assert signed_in.get(reverse("reviews:goal", args=[1])).context["form"].pending_reason != ""


def test_conflict_between_two_tabs(signed_in, user, goal):
    start(user, DUE)
    shown = shown_on(signed_in, "reviews:goal", 1)
    post(signed_in, answer="behind", note="First tab")
    answer = post(signed_in, go="stay", answer="on_track", note="Second tab", **shown).json()
    assert ("First tab" in answer["conflicts"], answer["shown"]) == (True, shown["shown"])
    asked = post(signed_in, answer="on_track", note="Second tab", **shown)
    assert conflicts_in(asked)["note"] == ("Not set", "First tab", "Second tab")
    assert ReviewGoal.objects.get().note == "First tab"
    choices = {**choose(asked.context["form"], "mine"), **shown_in(asked)}
    post(signed_in, answer="on_track", note="Second tab", **choices)
    assert ReviewGoal.objects.get().note == "Second tab"


def test_unacknowledged_autosave_is_no_conflict(signed_in, user, goal):
    start(user, DUE)
    shown = shown_on(signed_in, "reviews:goal", 1)
    post(signed_in, go="stay", note="Hal")
    sent = urlencode({"answer": "", "decision": "", "note": "Hal", "go": "stay"})
    answer = post(signed_in, go="stay", note="Half", **shown, unacknowledged=sent).json()
    assert (answer["conflicts"], ReviewGoal.objects.get().note) == ("", "Half")


def test_overall_questions_are_saved_and_conflicts_shown(signed_in, user, goal):
    review = start(user, DUE)
    answers = {**shown_on(signed_in, "reviews:overall"), "went_well": "One", "obstacles": "", "next": ""}
    assert signed_in.post(reverse("reviews:overall"), {**answers, "go": "back"}).url == reverse(
        "reviews:goal", args=[1]
    )
    again = signed_in.post(reverse("reviews:finish"), {**answers, "went_well": "Two"})
    assert conflicts_in(again) == {"went_well": ("Not set", "One", "Two")}
    review.refresh_from_db()
    assert (review.went_well, review.finished_at) == ("One", None)


def test_too_long_answer_does_not_finish(signed_in, user, goal):
    review = start(user, DUE)
    page = signed_in.post(reverse("reviews:finish"), {"went_well": "x" * 4001, "obstacles": "W", "next": ""})
    review.refresh_from_db()
    assert (page.context["form"].has_error("went_well", "max_length"), review.obstacles, review.finished_at) == (
        True,
        "W",
        None,
    )


def test_review_finished_in_another_tab(signed_in, user, goal):
    finish(start(user, DUE), DUE)
    page = {"go": "next", "answer": "behind"}
    assert signed_in.post(reverse("reviews:goal", args=[1]), page, follow=True).redirect_chain[-1][0] == "/reviews/"
    assert signed_in.post(reverse("reviews:goal", args=[1]), {**page, "go": "stay"}).status_code == 409
    assert signed_in.post(reverse("reviews:finish"), {"went_well": "x"}).url == reverse("reviews:list")
    assert signed_in.post(reverse("reviews:start")).url == Review.objects.get().get_absolute_url()
    assert Review.objects.get().went_well == ""


def test_goal_closed_during_a_review_keeps_its_note(signed_in, user, goal, other):
    start(user, DUE)
    close_goal(goal=goal, outcome=Goal.State.REACHED, today=NOW_ON, now=DUE)
    assert signed_in.get(reverse("reviews:goal", args=[1])).context["screen"].facts is None
    assert post(signed_in, 1, value="7", note="A good end").status_code == 302
    assert (ReviewGoal.objects.get(position=1).note, goal.progress_entries.count()) == ("A good end", 0)
    assert signed_in.get(reverse("reviews:continue")).url == reverse("reviews:goal", args=[2])


def test_goal_deleted_during_a_review_is_left_out(signed_in, user, goal, other):
    start(user, DUE)
    delete_goal(goal=goal)
    assert "Be appointed" in signed_in.get(reverse("reviews:goal", args=[1])).content.decode()
    assert signed_in.get(reverse("reviews:goal", args=[2])).status_code == 404


def test_pages_without_an_open_review_redirect_to_the_list(signed_in, goal):
    for name, args in (("continue", []), ("goal", [1]), ("overall", [])):
        assert signed_in.get(reverse(f"reviews:{name}", args=args)).url == reverse("reviews:list")


def test_unfinished_review_has_no_summary(signed_in, user, goal):
    assert signed_in.get(start(user, DUE).get_absolute_url()).status_code == 404


def test_summary_compares_with_the_review_before(signed_in, user, goal):
    make_entry(goal, 3)
    make_finished_review(user, NOW)
    make_entry(goal, 8, measured_on=date(2027, 4, 1))
    second = make_finished_review(user, DUE)
    make_entry(goal, 12, measured_on=DUE.date())
    page = signed_in.get(second.get_absolute_url())
    summary = page.context["summary"]
    assert summary.previous.day == date(2027, 1, 4)
    assert [(one.before, one.row.words) for one in summary.rows] == [("3 of 12 shifts", "8 of 12 shifts")]
    assert [(one.share_before, one.share_now) for one in summary.rows] == [(25, 67)]
    assert (second.goals_reached_so_far, second.goals_on_track, second.goals_open) == (0, 1, 1)
    assert reached_on_text(summary.previous.review, summary.previous.day) in page.content.decode()


def test_summary_marks_unanswered_goals(signed_in, user, goal, other):
    review = start(user, DUE)
    post(signed_in, 1, answer="on_track", decision="keep")
    page = signed_in.get(finish(review, DUE).get_absolute_url())
    assert [one.row.is_unanswered for one in page.context["summary"].rows] == [False, True]
    assert page.content.decode().count("from your progress") == 1


@pytest.mark.parametrize(
    ("unanswered", "still_open", "is_empty", "has_number"),
    [(0, 3, True, False), (0, 0, True, False), (1, 1, False, False), (2, 3, False, True)],
)
def test_unanswered_text(unanswered, still_open, is_empty, has_number):
    text = unanswered_text(unanswered, still_open)
    assert (text == "", str(unanswered) in text) == (is_empty, has_number)


@pytest.mark.parametrize(("goals", "reviews"), [(1, 2), (30, 5)])
def test_query_counts_of_pages_do_not_grow(signed_in, user, django_assert_num_queries, goals, reviews):
    for n in range(goals):
        make_goal(user, title=f"Goal {n}")
    for n in range(reviews):
        done = make_finished_review(user, NOW + timedelta(days=10 * n))
    start(user, DUE)
    signed_in.get(reverse("reviews:list"))
    for address, queries in (
        (reverse("reviews:list"), 5),
        (reverse("reviews:goal", args=[1]), 11),
        (reverse("reviews:overall"), 3),
        (done.get_absolute_url(), 10),
    ):
        with django_assert_num_queries(queries):
            assert signed_in.get(address).status_code == 200


def test_query_counts_of_start_and_finish_do_not_grow(user, django_assert_max_num_queries):
    for n in range(30):
        make_goal(user, title=f"Goal {n}")
    with django_assert_max_num_queries(14):
        review = start(user, DUE)
    assert services.finish_review(review=review, now=DUE, today=DUE.date()).goals_open == 30
