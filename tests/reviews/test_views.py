"""The pages of a review: goal by goal, saved in every direction; then the frozen summary."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from careerplan.goals.models import Goal
from careerplan.goals.services.closing import close_goal
from careerplan.goals.services.goals import Measure, delete_goal
from careerplan.reviews import services
from careerplan.reviews.models import Review, ReviewGoal, ReviewRhythm
from careerplan.reviews.rhythm import Cadence
from careerplan.reviews.words import by_figures_words
from tests.factories.goals import NOW, NOW_ON, make_goal, make_reading
from tests.factories.reviews import finish, make_finished_review, start

pytestmark = pytest.mark.django_db
YES_NO = Measure(kind=Goal.MeasureKind.YES_NO, done_when="A signed contract")
DUE = datetime(2027, 4, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stopped_clock():
    with time_machine.travel(DUE, tick=False):
        yield


@pytest.fixture
def goal(user):
    return make_goal(user)


@pytest.fixture
def other(user, goal):
    """A second goal, due later."""
    return make_goal(user, title="Be appointed", measure=YES_NO, due_on=date(2027, 9, 30))


def post(client, place=1, go="next", **answers):
    row = ReviewGoal.objects.get(position=place, review__finished_at=None)
    page = {"version": row.mark, "marks": "", "go": go, "verdict": "", "decision": "", "note": "", **answers}
    return client.post(reverse("reviews:goal", args=[place]), page)


def test_somebody_new_is_told_what_reviews_are_and_changes_nothing(signed_in):
    assert "Once you have a goal" in signed_in.get(reverse("reviews:list")).content.decode()
    assert signed_in.post(reverse("reviews:start")).url == reverse("reviews:list")
    assert signed_in.get(reverse("reviews:rhythm")).url == reverse("reviews:list")


def test_what_is_due_is_said_with_honest_minutes_also_before_a_round(signed_in, goal, other):
    text = signed_in.get(reverse("reviews:list")).content.decode()
    assert "Your review of 4 Apr 2027 is due: 2 goals, about 7 minutes." in text


def test_a_review_is_gone_through_goal_by_goal_and_finished(signed_in, goal, other):
    make_reading(goal, 3)
    assert signed_in.post(reverse("reviews:start")).url == reverse("reviews:continue")
    assert signed_in.get(reverse("reviews:continue")).url == reverse("reviews:goal", args=[1])
    page = signed_in.get(reverse("reviews:goal", args=[1])).content.decode()
    assert "From 0 to 3 shifts; no step done" in page
    assert "Goal 1 of 2, about 7 minutes left" in page
    first = post(signed_in, value="5", verdict="slipping", decision="keep", note="Two shifts are agreed")
    assert first.url == reverse("reviews:goal", args=[2])
    assert post(signed_in, 2, verdict="on_track", decision="adjust").url == reverse("reviews:whole")
    whole = {"version": Review.objects.get().mark, "went_well": "The talk", "got_in_the_way": "", "next": "Abstract"}
    done = signed_in.post(reverse("reviews:finish"), whole)
    review = Review.objects.get()
    assert done.url == review.get_absolute_url()
    text = signed_in.get(done.url).content.decode()
    for words in (
        "Of the two that are open, one is on track and one is behind.",
        "5 of 12 shifts",
        "Two shifts are agreed",
        "The talk",
        "Abstract",
        "0 of 2 goals reached",
        "Next review: 4 Jul 2027.",
    ):
        assert words in text
    assert "What got in the way" not in text
    assert f'href="{reverse("goals:edit", args=[other.pk])}?from=review:{review.pk}"' in text
    assert goal.readings.get(value=5).read_on == DUE.date()
    goal.refresh_from_db()
    assert goal.is_active


@pytest.mark.parametrize(
    ("go", "leads_to"),
    [
        ("next", "/reviews/current/whole/"),
        ("back", "/reviews/current/1/"),
        ("close", "/reviews/"),
        ("to:1", "/reviews/current/1/"),
        ("to:whole", "/reviews/current/whole/"),
        ("to:-5", "/reviews/current/whole/"),
        ("to:99999999999", "/reviews/current/whole/"),
        ("nonsense", "/reviews/current/whole/"),
    ],
)
def test_every_way_out_of_a_page_saves_it(signed_in, user, goal, other, go, leads_to):
    start(user, DUE)
    assert post(signed_in, 2, go=go, verdict="behind", note="Winter").url == leads_to
    row = ReviewGoal.objects.get(position=2)
    assert (row.verdict, row.note, row.decision) == ("behind", "Winter", "")


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
def test_a_decision_can_be_carried_out_at_once_on_the_goals_own_page(signed_in, user, goal, decision, leads_to):
    start(user, DUE)
    assert post(signed_in, go=f"act:{decision}", note="Now").url == leads_to.format(goal.pk)
    assert ReviewGoal.objects.get().note == "Now"


def test_it_resumes_at_the_first_goal_that_is_not_answered(signed_in, user, goal, other):
    start(user, DUE)
    post(signed_in, 1, verdict="on_track", decision="keep")
    assert signed_in.get(reverse("reviews:continue")).url == reverse("reviews:goal", args=[2])
    post(signed_in, 2, verdict="on_track", decision="keep")
    assert signed_in.get(reverse("reviews:continue")).url == reverse("reviews:whole")
    assert "Go on with the review" in signed_in.get(reverse("reviews:list")).content.decode()


def test_a_figure_that_is_none_is_said_and_the_rest_is_saved(signed_in, user, goal):
    start(user, DUE)
    page = post(signed_in, value="many", verdict="behind", note="Kept")
    text = page.content.decode()
    assert (page.status_code, "Error:" in text, "Enter a number" in text) == (200, True, True)
    assert 'value="many"' in text
    row = ReviewGoal.objects.get()
    assert (row.verdict, row.note, goal.readings.count()) == ("behind", "Kept", 0)


def test_the_page_saves_itself_without_making_a_reading_of_half_a_figure(signed_in, user, goal):
    start(user, DUE)
    told = post(signed_in, go="stay", value="1", note="Half").json()
    row = ReviewGoal.objects.get()
    assert (told["problem"], told["clashes"], told["version"]) == ("", "", row.mark)
    assert "Saved 13:00" in told["saved"]
    assert (row.note, row.typed, goal.readings.count()) == ("Half", "1", 0)
    assert 'value="1"' in signed_in.get(reverse("reviews:goal", args=[1])).content.decode()
    post(signed_in, value="10", note="Half")
    assert (goal.readings.get().value, ReviewGoal.objects.get().typed) == (Decimal(10), "")


def test_a_figure_that_cannot_be_read_is_gone_back_to_and_says_why(signed_in, user, goal, other):
    """The browser was closed: nobody saw the error. Everything else of the goal is answered."""
    start(user, DUE)
    post(signed_in, go="stay", value="9 1/2x", verdict="on_track", decision="keep")
    assert signed_in.get(reverse("reviews:continue")).url == reverse("reviews:goal", args=[1])
    page = signed_in.get(reverse("reviews:goal", args=[1])).content.decode()
    assert 'value="9 1/2x"' in page
    assert "Not recorded: Enter a number, such as 35 or 3.5." in page
    whole = signed_in.get(reverse("reviews:whole")).content.decode()
    assert 'the figure "9 1/2x" is not recorded yet' in whole
    assert post(signed_in, value="9.5", verdict="on_track", decision="keep").status_code == 302
    assert (goal.readings.get().value, ReviewGoal.objects.get(position=1).typed) == (Decimal("9.5"), "")
    assert signed_in.get(reverse("reviews:continue")).url == reverse("reviews:goal", args=[2])


def test_a_figure_that_waits_stays_however_often_the_page_saves_itself(signed_in, user, goal):
    start(user, DUE)
    answers = {"go": "stay", "verdict": "on_track", "decision": "keep", "value": "10"}
    for note in ("", "Half", "Half a thought"):
        post(signed_in, **answers, note=note)
        assert ReviewGoal.objects.get().typed == "10"
    assert signed_in.get(reverse("reviews:continue")).url == reverse("reviews:goal", args=[1])
    assert "Not recorded yet." in signed_in.get(reverse("reviews:goal", args=[1])).content.decode()


def test_two_tabs_are_told_of_each_other_and_nothing_is_overwritten_silently(signed_in, user, goal):
    start(user, DUE)
    seen = ReviewGoal.objects.get().mark
    post(signed_in, verdict="behind", note="First tab")
    told = post(signed_in, go="stay", verdict="on_track", note="Second tab", version=seen).json()
    assert ("First tab" in told["clashes"], told["version"]) == (True, seen)
    page = post(signed_in, verdict="on_track", note="Second tab", version=seen).content.decode()
    assert "First tab" in page
    assert "Second tab" in page
    assert ReviewGoal.objects.get().note == "First tab"
    post(signed_in, verdict="on_track", note="Second tab")  # with the mark of the page that told it
    assert ReviewGoal.objects.get().note == "Second tab"


def test_what_arrived_without_an_answer_is_no_other_tab(signed_in, user, goal):
    start(user, DUE)
    seen = ReviewGoal.objects.get().mark
    post(signed_in, go="stay", note="Hal")
    unheard = urlencode({"verdict": "", "decision": "", "note": "Hal", "go": "stay"})
    told = post(signed_in, go="stay", note="Half", version=seen, unheard=unheard).json()
    assert (told["clashes"], ReviewGoal.objects.get().note) == ("", "Half")


def test_the_questions_are_kept_in_both_directions_and_two_tabs_are_told(signed_in, user, goal):
    review = start(user, DUE)
    answers = {"version": review.mark, "went_well": "One", "got_in_the_way": "", "next": ""}
    assert signed_in.post(reverse("reviews:whole"), {**answers, "go": "back"}).url == reverse("reviews:goal", args=[1])
    again = signed_in.post(reverse("reviews:finish"), {**answers, "went_well": "Two"})
    assert (again.status_code, "One" in again.content.decode()) == (200, True)
    review.refresh_from_db()
    assert (review.went_well, review.finished_at) == ("One", None)


def test_a_text_that_is_too_long_is_said_and_nothing_is_finished(signed_in, user, goal):
    review = start(user, DUE)
    page = signed_in.post(
        reverse("reviews:finish"), {"version": review.mark, "went_well": "x" * 4001, "got_in_the_way": "W", "next": ""}
    )
    review.refresh_from_db()
    assert ("Error:" in page.content.decode(), review.got_in_the_way, review.finished_at) == (True, "W", None)


def test_finished_elsewhere_is_said(signed_in, user, goal):
    finish(start(user, DUE), DUE)
    page = {"go": "next", "verdict": "behind"}
    assert signed_in.post(reverse("reviews:goal", args=[1]), page, follow=True).redirect_chain[-1][0] == "/reviews/"
    assert signed_in.post(reverse("reviews:goal", args=[1]), {**page, "go": "stay"}).status_code == 409
    assert signed_in.post(reverse("reviews:finish"), {"went_well": "x"}).url == reverse("reviews:list")
    assert signed_in.post(reverse("reviews:start")).url == Review.objects.get().get_absolute_url()
    assert Review.objects.get().went_well == ""


def test_a_goal_that_was_closed_meanwhile_says_so_and_keeps_its_note(signed_in, user, goal, other):
    start(user, DUE)
    close_goal(goal=goal, outcome=Goal.State.ACHIEVED, today=NOW_ON, now=DUE)
    text = signed_in.get(reverse("reviews:goal", args=[1])).content.decode()
    assert "Reached on 4 Apr 2027. There is nothing left to decide." in text
    assert post(signed_in, 1, value="7", note="A good end").status_code == 302
    assert (ReviewGoal.objects.get(position=1).note, goal.readings.count()) == ("A good end", 0)
    assert signed_in.get(reverse("reviews:continue")).url == reverse("reviews:goal", args=[2])


def test_a_goal_that_was_deleted_meanwhile_is_left_out(signed_in, user, goal, other):
    start(user, DUE)
    delete_goal(goal=goal)
    assert "Be appointed" in signed_in.get(reverse("reviews:goal", args=[1])).content.decode()
    assert signed_in.get(reverse("reviews:goal", args=[2])).status_code == 404


def test_without_a_review_under_way_its_pages_lead_to_the_list(signed_in, goal):
    for name, args in (("continue", []), ("goal", [1]), ("whole", [])):
        assert signed_in.get(reverse(f"reviews:{name}", args=args)).url == reverse("reviews:list")


def test_the_summary_of_an_unfinished_review_is_not_found(signed_in, user, goal):
    assert signed_in.get(start(user, DUE).get_absolute_url()).status_code == 404


def test_the_summary_compares_with_the_one_before_and_stays_as_it_was(signed_in, user, goal):
    make_reading(goal, 3)
    make_finished_review(user, NOW)
    make_reading(goal, 8, read_on=date(2027, 4, 1))
    second = make_finished_review(user, DUE)
    make_reading(goal, 12, read_on=DUE.date())
    text = signed_in.get(second.get_absolute_url()).content.decode()
    assert "Compared with the review of 4 Jan 2027." in text
    assert '<td role="cell" data-label="4 Jan">3 of 12 shifts</td>' in text
    assert "<b>8 of 12 shifts</b>" in text
    assert "Since 4 Jan 2027 no goals were reached. The one that is open is on track." in text
    assert "0 of 1 goal reached; on 4 Jan 2027 it was 0 of 1." in text
    assert "0 reached so far, 1 open and on track, 0 open and behind" in text


def test_the_summary_says_which_verdicts_nobody_gave(signed_in, user, goal, other):
    review = start(user, DUE)
    post(signed_in, 1, verdict="on_track", decision="keep")
    text = signed_in.get(finish(review, DUE).get_absolute_url()).content.decode()
    assert text.count("(by the figures)") == 1
    assert "One of these is by the figures: you gave no verdict on it." in text


@pytest.mark.parametrize(
    ("by_figures", "still_open", "expected"),
    [
        (0, 3, ""),
        (0, 0, ""),
        (1, 1, "That is by the figures: you gave no verdict."),
        (2, 3, "Two of these are by the figures: you gave no verdict on them."),
    ],
)
def test_whose_word_it_is_in_a_sentence(by_figures, still_open, expected):
    assert by_figures_words(by_figures, still_open) == expected


def test_the_rhythm_is_changed_and_what_cannot_be_meant_is_said(signed_in, goal):
    address = reverse("reviews:rhythm")
    for answers, words in (
        ({"cadence": "monthly", "next_on": "2027-04-03"}, "3 Apr 2027 has passed. Choose today, 4 Apr 2027"),
        ({"cadence": "monthly", "next_on": "2031-01-01"}, "more than two years away"),
        ({"cadence": "monthly", "next_on": ""}, "Choose the day of the next review."),
        ({"cadence": "daily", "next_on": "2027-05-01"}, "Select a valid choice"),
    ):
        text = signed_in.post(address, answers).content.decode()
        assert words in text
        assert "Error:" in text
    assert ReviewRhythm.objects.get().cadence == "quarterly"
    assert signed_in.post(address, {"cadence": "monthly", "next_on": "2027-04-30"}).url == reverse("reviews:list")
    assert "Every month, next on 30 Apr 2027" in signed_in.get(reverse("reviews:list")).content.decode()
    signed_in.post(address, {"cadence": "none", "next_on": "2027-04-30"})
    assert "No review is planned." in signed_in.get(reverse("reviews:list")).content.decode()


@pytest.mark.parametrize(
    ("cadence", "next_on", "new", "expected"),
    [
        ("quarterly", date(2027, 7, 4), "weekly", date(2027, 4, 11)),
        ("quarterly", date(2027, 4, 6), "weekly", date(2027, 4, 6)),  # nearer than a week
        ("weekly", date(2027, 4, 8), "yearly", date(2027, 4, 8)),
        ("none", None, "monthly", date(2027, 5, 4)),
    ],
)
def test_a_new_cadence_moves_a_day_that_nobody_touched_nearer(signed_in, goal, cadence, next_on, new, expected):
    services.set_rhythm(plan=goal.plan, cadence=Cadence(cadence), next_on=next_on)
    answers = {"cadence": new, "next_on": next_on or ""}
    page = signed_in.post(reverse("reviews:rhythm"), answers, follow=True).content.decode()
    assert ReviewRhythm.objects.get().next_on == expected
    assert f"Saved. Your next review is on {date_format(expected, 'j M Y')}." in page


def test_a_day_that_was_chosen_with_the_new_cadence_is_kept(signed_in, goal):
    services.set_rhythm(plan=goal.plan, cadence=Cadence.QUARTERLY, next_on=date(2027, 7, 4))
    signed_in.post(reverse("reviews:rhythm"), {"cadence": "weekly", "next_on": "2027-06-01"})
    assert ReviewRhythm.objects.get().next_on == date(2027, 6, 1)


def test_a_month_counted_from_the_last_of_a_month_comes_back_to_the_last(client, user):
    goal = make_goal(user)
    services.set_rhythm(plan=goal.plan, cadence=Cadence.YEARLY, next_on=date(2028, 1, 4))
    with time_machine.travel("2027-01-31T12:00:00Z", tick=False):
        client.force_login(user)
        client.post(reverse("reviews:rhythm"), {"cadence": "monthly", "next_on": "2028-01-04"})
    rhythm = ReviewRhythm.objects.get()
    assert (rhythm.next_on, rhythm.rhythm.first_after(rhythm.next_on)) == (date(2027, 2, 28), date(2027, 3, 31))


@pytest.mark.parametrize(("goals", "reviews"), [(1, 2), (30, 5)])
def test_the_number_of_queries_does_not_grow(signed_in, user, django_assert_num_queries, goals, reviews):
    for n in range(goals):
        make_goal(user, title=f"Goal {n}")
    for n in range(reviews):
        done = make_finished_review(user, NOW + timedelta(days=10 * n))
    start(user, DUE)
    signed_in.get(reverse("reviews:list"))
    for address, queries in (
        (reverse("reviews:list"), 5),
        (reverse("reviews:goal", args=[1]), 10),
        (reverse("reviews:whole"), 3),
        (done.get_absolute_url(), 9),
    ):
        with django_assert_num_queries(queries):
            assert signed_in.get(address).status_code == 200


def test_starting_and_finishing_cost_the_same_for_many_goals(user, django_assert_max_num_queries):
    for n in range(30):
        make_goal(user, title=f"Goal {n}")
    with django_assert_max_num_queries(14):
        review = start(user, DUE)
    assert services.finish_review(review=review, now=DUE, today=DUE.date()).goals_open == 30


@pytest.mark.parametrize("swept", [False, True])
def test_the_one_that_is_due_is_told_apart_from_the_one_after_it(client, user, swept):
    """Whether the sweep has made the review already or not."""
    with time_machine.travel("2027-04-05T12:00:00Z", tick=False):
        plan = make_goal(user).plan
        services.set_rhythm(plan=plan, cadence=Cadence.QUARTERLY, next_on=date(2027, 4, 9))
        client.force_login(user)
        assert "Every three months, next on 9 Apr 2027" in client.get(reverse("reviews:list")).content.decode()
    with time_machine.travel("2027-04-12T12:00:00Z", tick=False):
        if swept:
            services.make_due_reviews(now=timezone.now())
        client.force_login(user)
        page = client.get(reverse("reviews:list")).content.decode()
    assert "Every three months; the one of 9 Apr 2027 is due now, the one after it on 9 Jul 2027" in page
    assert "next on" not in page


def test_the_list_says_of_which_day_its_figures_are(signed_in, user):
    make_goal(user)
    review = make_finished_review(user)
    day = date_format(timezone.localdate(review.finished_at), "j M Y")
    assert f"On {day}: 0 of 1 goal reached." in signed_in.get(reverse("reviews:list")).content.decode()
