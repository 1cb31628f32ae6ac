"""The pages of opportunities."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from careerplan.catalogue.models import Skill
from careerplan.opportunities import services
from careerplan.opportunities.models import Criterion, NeededSkill, Opportunity
from careerplan.opportunities.queries.weighing import plan_criteria
from careerplan.opportunities.views import opportunities as views
from careerplan.opportunities.views.decisions import ALREADY_DECIDED
from careerplan.plans.models import Plan
from tests.conflicts import choose, shown_on
from tests.factories.goals import make_goal
from tests.factories.opportunities import REASON, decline, make_opportunity, pursue
from tests.factories.skills import make_catalogue, make_results

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 9, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _stopped_clock():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def opportunity(user):
    return make_opportunity(user, closes_on=date(2027, 3, 15))


def url(name, *args):
    return reverse(f"opportunities:{name}", args=args)


def text(response):
    return response.content.decode()


def fields(form):
    """Return what a browser posts for an untouched form."""
    return {name: value for name in form.fields if (value := form[name].value()) not in (None, "")}


def test_add_opportunity_with_only_a_title(signed_in):
    assert signed_in.get(url("list")).context["list"].is_empty
    assert signed_in.post(url("new"), {"title": " Ward manager "}).url == url("list")
    assert Opportunity.objects.get().title == "Ward manager"
    page = signed_in.get(url("list"))
    assert len(page.context["messages"]) == 1
    assert [row.opportunity.title for row in page.context["list"].open] == ["Ward manager"]


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://jobs.example.org/12?a=b#c", "https://jobs.example.org/12?a=b#c"),
        ("http://jobs.example.org", "http://jobs.example.org"),
        ("jobs.example.org/12", "https://jobs.example.org/12"),
        ("", ""),
        ("javascript:alert(1)", None),
        ("mailto:ruth@example.org", None),
        ("not a link", None),
        ("https://", None),
        ("https://example.org/" + "a" * 1000, None),
    ],
)
def test_link_is_a_web_address(signed_in, link, kept):
    response = signed_in.post(url("new"), {"title": "Ward manager", "link": link, "organisation": "Northgate"})
    if kept is None:
        assert response.status_code == 200
        assert response.context["form"].has_error("link")
        assert 'value="Northgate"' in text(response)
        assert not Opportunity.objects.exists()
    else:
        assert Opportunity.objects.get().link == kept


def test_closing_date_in_the_past_needs_confirmation(signed_in):
    typed = {"title": "Ward manager", "closes_on": "2027-03-08"}
    asked = signed_in.post(url("new"), typed)
    assert "confirm_past" in asked.context["form"].errors
    assert asked.context["form"].only_asks
    assert not Opportunity.objects.exists()
    signed_in.post(url("new"), {**typed, "confirm_past": "on"})
    assert Opportunity.objects.get().closes_on == date(2027, 3, 8)


def test_edit_conflict_between_two_tabs(signed_in, opportunity):
    page = url("edit", opportunity.pk)
    typed = fields(signed_in.get(page).context["form"])
    assert signed_in.post(page, {**typed, "title": "First"}).status_code == 302
    second = signed_in.post(page, {**typed, "title": "Second", "organisation": "Northgate"})
    assert second.status_code == 200
    assert Opportunity.objects.get().title == "First"
    again = {**fields(second.context["form"]), **choose(second.context["form"], "other")}
    assert signed_in.post(page, again).status_code == 302
    assert (Opportunity.objects.get().title, Opportunity.objects.get().organisation) == ("First", "Northgate")


def test_weighing_conflict_between_two_tabs(signed_in, user, opportunity):
    goal = make_goal(user)
    page = url("weigh", opportunity.pk)
    typed = fields(signed_in.get(page).context["form"])
    first = {**typed, f"goal_{goal.pk}": "helps", "pros": "A budget"}
    assert signed_in.post(page, first).status_code == 302
    second = signed_in.post(page, {**typed, f"goal_{goal.pk}": "slows_down", "cons": "Far away"})
    assert second.status_code == 200
    assert opportunity.effects.get().effect == "helps"
    again = {**fields(second.context["form"]), **choose(second.context["form"], "mine")}
    assert signed_in.post(page, again).status_code == 302
    scored = {**fields(signed_in.get(page).context["form"]), "vision_score": "4"}
    signed_in.post(page, scored)
    beside = signed_in.get(page)
    assert 'data-testid="score-so-far"' in beside.content.decode()
    assert beside.context["weighed"].opportunity.vision_score == 4
    typed = signed_in.get(page, {"part": "score", "vision_score": "2", "criterion_1": "9"})
    assert typed.context["weighed"].opportunity.vision_score == 2
    assert Opportunity.objects.get().vision_score == 4
    assert "checked" not in str(signed_in.get(page).context["form"]["vision_score"][5])
    signed_in.post(page, {**fields(signed_in.get(page).context["form"]), "vision_score": ""})
    assert Opportunity.objects.get().vision_score is None
    assert "checked" in str(signed_in.get(page).context["form"]["vision_score"][5])  # not sure
    made = Opportunity.objects.get()
    assert (made.pros, made.cons, opportunity.effects.get().effect) == ("A budget", "Far away", "slows_down")


def test_criteria_are_saved_and_asked_about(signed_in, user, opportunity):
    page = url("criteria")
    typed = fields(signed_in.get(page).context["form"])
    twice = {**typed, "name_0": "Pay", "weight_0": "5", "name_1": "pay"}
    assert signed_in.post(page, twice).context["form"].has_error("name_1", "duplicate")
    signed_in.post(page, {**typed, "name_0": "Pay", "weight_0": "5", "name_3": "Short journey"})
    assert [(row.name, row.weight) for row in plan_criteria(opportunity.plan)] == [("Pay", 5), ("Short journey", 3)]
    weighing = signed_in.get(url("weigh", opportunity.pk)).context["form"]
    assert [weight for _field, weight in weighing.criterion_rows] == [5, 3]
    stale = signed_in.post(page, {**typed, "name_0": "Team"})
    assert stale.status_code == 200
    assert Criterion.objects.count() == 2


def test_criteria_page_needs_a_plan(signed_in):
    assert signed_in.get(url("criteria")).url == url("list")


def test_needed_skills_are_added_and_removed(signed_in, user, opportunity):
    one, two, *_ = make_catalogue()
    page = url("skills", opportunity.pk)
    typed = fields(signed_in.get(page).context["form"])
    assert signed_in.post(page, {**typed, "add": one.pk, "add_level": "4", "another": "1"}).url == page
    typed = fields(signed_in.get(page).context["form"])
    assert typed[f"level_{one.pk}"] == 4
    signed_in.post(page, {**typed, f"level_{one.pk}": "", "add": two.pk, "add_level": "2"})
    assert list(NeededSkill.objects.values_list("skill", "level")) == [(two.pk, 2)]


def test_skills_of_another_person_are_refused(signed_in, other_user, opportunity):
    theirs = Skill.objects.create(name="Welding", owner=other_user)
    page = url("skills", opportunity.pk)
    response = signed_in.post(page, {**fields(signed_in.get(page).context["form"]), "add": theirs.pk})
    assert response.status_code == 200
    found = signed_in.post(
        url("advert", opportunity.pk),
        {"text": "Welding", "keep": "1", f"take_{theirs.pk}": "on", f"level_{theirs.pk}": "3"},
    )
    assert found.context["found"].found == []
    assert not NeededSkill.objects.exists()


def test_goals_of_another_person_are_not_offered_or_saved(signed_in, other_user, opportunity):
    theirs = make_goal(other_user, title="Theirs alone")
    page = url("weigh", opportunity.pk)
    shown = signed_in.get(page)
    assert "Theirs alone" not in text(shown)
    signed_in.post(page, {**fields(shown.context["form"]), f"goal_{theirs.pk}": "helps"})
    assert not opportunity.effects.exists()
    response = signed_in.post(
        url("pursue", opportunity.pk),
        {"reason": REASON, "step_title": "Ask", "step_due_on": "2027-04-01", "step_goal": theirs.pk},
    )
    assert response.status_code == 200
    assert Opportunity.objects.get().state == "considering"


def test_pursue_with_a_first_step_then_win_then_reopen(signed_in, user, opportunity):
    goal = make_goal(user)
    page = url("pursue", opportunity.pk)
    assert signed_in.post(page, {"reason": " "}).context["form"].has_error("reason", "required")
    half = {"reason": REASON, "step_title": "Ask Karen"}
    assert signed_in.post(page, half).context["form"].has_error("step_goal")
    signed_in.post(page, {**half, "step_goal": goal.pk, "step_due_on": "2027-04-01"})
    assert goal.steps.filter(title="Ask Karen").exists()
    assert Opportunity.objects.get().state == "pursuing"
    late = signed_in.post(page, {"reason": "Other words"})
    assert late.url == opportunity.get_absolute_url()
    signed_in.post(url("won", opportunity.pk))
    assert Opportunity.objects.get().state == "won"
    declined = signed_in.post(url("decline", opportunity.pk), {"reason": "Not after all"})
    assert declined.context["form"].non_field_errors() == [str(ALREADY_DECIDED)]
    assert "Not after all" in text(declined)
    signed_in.post(url("reopen", opportunity.pk))
    assert REASON in text(signed_in.get(page))


def test_only_a_pursued_opportunity_is_won(signed_in, opportunity):
    page = signed_in.post(url("won", opportunity.pk), follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    assert Opportunity.objects.get().state == "considering"


def test_outcome_review_is_offered_after_90_days(signed_in, user, opportunity):
    make_goal(user, due_on=date(2027, 12, 1))
    decline(opportunity)  # on 4 January
    look_back = url("look-back", opportunity.pk)
    early = text(signed_in.get(url("look-back", opportunity.pk), follow=True))
    assert "4 Apr 2027" in early
    with time_machine.travel(datetime(2027, 4, 4, 12, tzinfo=UTC), tick=False):
        signed_in.force_login(user)
        for page in (url("list"), reverse("dashboard:today"), opportunity.get_absolute_url()):
            assert look_back in text(signed_in.get(page)), page
        missing = signed_in.post(look_back, {"note": "Hm."})
        assert missing.context["form"].has_error("outcome_review", "required")
        signed_in.post(look_back, {"outcome_review": "partly", "note": "It led elsewhere."})
        assert look_back not in text(signed_in.get(url("list")))
        assert "It led elsewhere." in text(signed_in.get(opportunity.get_absolute_url()))


def test_compare_two_to_four_opportunities(signed_in, user, other_user):
    made = [make_opportunity(user, f"No. {n}") for n in range(5)]
    theirs = make_opportunity(other_user, "Theirs alone")

    def compare(*rows):
        return signed_in.get(url("compare"), {"o": [row.pk for row in rows]})

    assert len(compare(*made[:2]).context["rows"]) == 2
    assert len(compare(*made[:4], made[0]).context["rows"]) == 4
    for rows in (made[:1], made, [made[0], theirs], []):
        assert compare(*rows).url == url("list")
    assert signed_in.get(url("compare"), {"o": ["x", "9" * 30, ""]}).url == url("list")


def test_pages_link_to_the_skills_that_would_settle_a_match(signed_in, user):
    one, two = [skill.pk for skill in make_catalogue()[:2]]
    make_results(user, levels={one: 3})
    made = [make_opportunity(user, needs={one: 3, two: 3}), make_opportunity(user, needs={one: 3})]
    rate = f'href="{reverse("skills:start")}?skill={two}"'
    assert rate in text(signed_in.get(url("list")))
    assert [rate in text(signed_in.get(url("detail", each.pk))) for each in made] == [True, False]
    assert rate in text(signed_in.get(url("compare"), {"o": [each.pk for each in made]}))


def test_opportunity_of_an_archived_plan_is_read_only(signed_in, user, opportunity):
    Plan.objects.update(state="archived", archived_at=NOON)
    page = signed_in.get(opportunity.get_absolute_url())
    assert page.context["is_read_only"]
    assert url("weigh", opportunity.pk) not in text(page)
    assert signed_in.get(url("list")).context["list"].earlier == [opportunity]
    for name in ("edit", "weigh", "skills", "advert", "pursue", "decline", "won", "reopen", "look-back", "delete"):
        assert signed_in.post(url(name, opportunity.pk)).status_code == 404, name


def test_delete_opportunity(signed_in, opportunity):
    assert signed_in.get(url("delete", opportunity.pk)).status_code == 200
    assert signed_in.post(url("delete", opportunity.pk)).url == url("list")
    assert not Opportunity.objects.exists()


@pytest.mark.parametrize("name", ["won", "lost", "reopen", "delete", "decline", "pursue", "edit", "weigh"])
def test_opportunity_deleted_in_another_tab_is_404(signed_in, opportunity, monkeypatch, name):
    shown = shown_on(signed_in, f"opportunities:{name}", opportunity.pk)
    find = views.get_object_or_404

    def find_then_delete(*args, **how):
        found = find(*args, **how)
        Opportunity.objects.filter(pk=found.pk).delete()
        return found

    monkeypatch.setattr(views, "get_object_or_404", find_then_delete)
    posted = {"reason": "Later.", "title": "Other", **shown}
    assert signed_in.post(reverse(f"opportunities:{name}", args=[opportunity.pk]), posted).status_code == 404


def test_user_text_is_escaped(signed_in, user):
    nasty = "<b>x</b>\u202e{{ 1 }}"
    made = make_opportunity(user, nasty, organisation=nasty, link="https://example.org/?a=<b>")
    services.weigh_opportunity(opportunity=made, answers=services.WeighingAnswers(pros=nasty), now=NOON)
    pursue(make_opportunity(user, "Other"))
    for page in (url("list"), made.get_absolute_url(), url("compare") + f"?o={made.pk}&o={made.pk + 1}"):
        assert "<b>x</b>" not in text(signed_in.get(page, follow=True))


def test_missing_skill_links_to_a_new_goal(signed_in, user):
    one, *_ = make_catalogue()
    make_results(user, levels={one.pk: 1})
    make_opportunity(user, needs={one.pk: 4})
    page = text(signed_in.get(url("list")))
    assert "1 of 1" in page
    address = reverse("goals:new") + f"?skill={one.pk}"
    assert address in page
    assert one.name.lower() in text(signed_in.get(address)).lower()


@pytest.mark.parametrize("count", [1, 30])
def test_query_counts_of_pages_do_not_grow(signed_in, user, django_assert_num_queries, count):
    skills = make_catalogue()
    make_results(user, levels={skill.pk: 2 for skill in skills})
    for n in range(count):
        made = make_opportunity(user, f"No. {n}", needs={skill.pk: 3 for skill in skills[: 1 + n % 5]})
        make_goal(user, origin_skill=skills[n % 6], due_on=date(2027, 12, 1))
        Criterion.objects.get_or_create(plan=made.plan, name=f"No. {n % 6}", weight=3)
    other = make_opportunity(user)
    pages = {
        url("list"): 4,
        made.get_absolute_url(): 8,
        url("weigh", made.pk): 14,
        url("skills", made.pk): 4,
        url("edit", made.pk): 2,
        url("pursue", made.pk): 6,
        url("compare") + f"?o={made.pk}&o={other.pk}": 7,
    }
    for page, queries in pages.items():
        with django_assert_num_queries(queries):
            assert signed_in.get(page).status_code == 200
