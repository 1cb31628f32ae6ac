"""Can do and would like, apart: in the lists, by field, and on the page of the results."""

from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from careerplan.catalogue.fields import FIELD_OF_GROUP
from careerplan.catalogue.models import OccupationNeed
from careerplan.skills.queries.field_results import APART, SHOWN, field_results
from careerplan.skills.queries.match_rows import FieldMatch, OccupationMatches
from careerplan.skills.queries.match_words import CLOSE, LIKED_SOMEWHAT, VERY_CLOSE, Closeness, InterestFit
from careerplan.skills.queries.occupation_matches import match_occupations
from careerplan.skills.queries.results import build_results
from tests.factories.skills import NOW, make_results
from tests.skills.pages import text_of
from tests.skills.ranked import shipped

SHIPPED = shipped()
CATALOGUE, IDS = SHIPPED.catalogue, SHIPPED.ids
SCORES = st.dictionaries(st.integers(0, 5), st.floats(1, 7))
TEACHER, NURSE = IDS["Primary school teacher"], IDS["Registered nurse"]


def match(interests=None, **known):
    return match_occupations(CATALOGUE, SHIPPED.levels(TEACHER), interests=interests, **known)


def figures_of(pk):
    return dict(enumerate(CATALOGUE.interests[CATALOGUE.rows[pk]].tolist()))


def by_title(matches):
    return {one.facts.title: one for one in (*matches.shown, *([matches.current] if matches.current else []))}


@given(SCORES)
def test_interests_change_no_closeness_and_decide_no_silence(interests):
    plain, told = match(), match(interests)
    assert told.questions or not plain.questions
    shown = by_title(told)
    for title, one in by_title(plain).items():
        assert one.interest_fit is None
        if title in shown:
            assert shown[title].closeness is one.closeness


def test_somebody_who_likes_what_teaching_is_about_would_like_it_a_lot():
    teacher = match(figures_of(TEACHER), current_id=TEACHER).current
    assert (teacher.closeness, teacher.interest_fit) == (Closeness.VERY_CLOSE, InterestFit.A_LOT)
    opposite = {number: 8 - figure for number, figure in figures_of(TEACHER).items()}
    teacher = match(opposite, current_id=TEACHER).current
    assert (teacher.closeness, teacher.interest_fit) == (Closeness.VERY_CLOSE, InterestFit.A_LITTLE)


def test_too_few_interests_say_nothing_of_liking():
    found = match({0: 7.0, 1: 1.0, 2: 3.0})
    assert not found.has_interests
    assert {one.interest_fit for one in found.shown} == {None}


def test_the_first_field_is_high_in_both_and_each_comes_once():
    found = match(figures_of(TEACHER))
    assert found.fields[0].major_group == "25"
    assert found.fields[0].meets_both
    groups = [one.major_group for one in found.fields]
    assert len(set(groups)) == len(groups) == len({facts.field for facts in CATALOGUE.facts})
    lower = [min(one.closeness, one.interest_fit) for one in found.fields]
    assert lower == sorted(lower, reverse=True)


def test_the_plot_has_the_fields_of_the_table_apart_from_each_other(user, shipped_catalogue):
    fields = build_results(
        results_of(user, {"social": 5}, target_role="", target_undecided=True), now=NOW
    ).occupations.fields
    points = [(float(point.x), float(point.y)) for point in fields.plot.points]
    assert [point.number for point in fields.plot.points] == [row.number for row in fields.rows]
    assert all(0 <= value <= 100 for point in points for value in point)
    assert len(set(points)) == len(points)
    high = [row.number for row in fields.rows if row.can_do_dots > 1 and row.would_like_dots > 1]
    assert [point.number for point in fields.plot.points if point.is_high] == high


def field_match(group, share, liking):
    closeness = Closeness(1 + (share >= CLOSE) + (share >= VERY_CLOSE))
    return FieldMatch(group, CATALOGUE.facts[0], closeness, InterestFit.of(liking), share, liking)


FIGURES = st.tuples(
    st.one_of(st.floats(0, 1), st.sampled_from([0, CLOSE, 1])),
    st.one_of(st.floats(-1, 1), st.sampled_from([-1, LIKED_SOMEWHAT, 1])),
)


@given(st.lists(FIGURES, min_size=1, max_size=SHOWN))
def test_the_plot_says_what_the_table_says(figures):
    found = [field_match(group, *pair) for group, pair in zip(FIELD_OF_GROUP, figures, strict=False)]
    fields = field_results(OccupationMatches(is_enough=True, has_interests=True, fields=found), {})
    close, liked = float(fields.plot.close), float(fields.plot.liked)
    places = [(float(point.x), float(point.y)) for point in fields.plot.points]
    for row, point, (x, y) in zip(fields.rows, fields.plot.points, places, strict=True):
        assert 0 <= x <= 100
        assert 0 <= y <= 100
        assert x >= close if row.can_do_dots > 1 else x <= close
        assert y <= liked if row.would_like_dots > 1 else y >= liked
        assert point.is_high == (row.can_do_dots > 1 and row.would_like_dots > 1)
    for number, (x, y) in enumerate(places):
        others = places[:number]
        assert all(max(abs(x - other_x), abs(y - other_y)) > APART - 0.2 for other_x, other_y in others)


def test_a_field_is_plotted_by_the_share_that_its_words_are_of():
    for one in match(figures_of(TEACHER)).fields:
        assert one.closeness is field_match(one.major_group, one.share, one.liking).closeness


def test_without_interests_fields_are_in_the_order_of_what_somebody_can_do():
    shares = [one.share for one in match().fields]
    assert shares == sorted(shares, reverse=True)


# On the page.


def levels_of(title):
    return dict(OccupationNeed.objects.filter(occupation__title=title).values_list("skill_id", "level"))


def results_of(user, likes=None, **direction):
    return make_results(user, levels=levels_of("Primary school teacher"), likes=likes, current_role="", **direction)


def page_of(client, assessment):
    return text_of(client.get(reverse("skills:result", args=[assessment.pk, "occupations"])))


def test_each_row_says_both_apart(signed_in, user, shipped_catalogue):
    assessment = results_of(user, {"social": 5, "artistic": 4})
    lists = build_results(assessment, now=NOW).occupations
    assert lists.has_interests
    row = lists.like_yours[0]
    assert row.closeness != row.would_like
    assert all(one.would_like and 1 <= one.would_like_dots <= 3 for one in lists.like_yours)
    page = page_of(signed_in, assessment)
    assert page.count("<dt>Would like</dt>") == page.count("<dt>Can do</dt>")
    assert reverse("skills:interests") not in page


def test_without_answers_the_second_is_not_shown_and_one_line_offers_the_questions(signed_in, user, shipped_catalogue):
    assessment = results_of(user)
    page = page_of(signed_in, assessment)
    assert "<dt>Would like</dt>" not in page
    assert page.count(f'action="{reverse("skills:interests")}"') == 1


def test_without_a_target_the_fields_come_first_with_something_to_try(signed_in, user, shipped_catalogue):
    assessment = results_of(user, {"social": 5}, target_role="", target_undecided=True)
    fields = build_results(assessment, now=NOW).occupations.fields
    assert fields.rows[0].path == reverse("explore:field", args=["education"])
    assert len(fields.rows) + len(fields.more) == len({facts.field for facts in CATALOGUE.facts})
    assert [trial.key for trial in fields.trials] == ["help-someone-read"]
    page = page_of(signed_in, assessment)
    assert all(f'href="{row.path}"' in page for row in (*fields.rows, *fields.more))
    assert page.count("cp-field-number") == len(fields.plot.points) == len(fields.rows)
    goal = signed_in.get(f"{reverse('goals:new')}?try={fields.trials[0].key}")
    assert goal.context["form"]["title"].value() == fields.trials[0].text


def test_with_a_target_the_fields_are_left_out(user, shipped_catalogue):
    assert build_results(results_of(user), now=NOW).occupations.fields is None
