"""The pages of opportunities."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from careerplan.catalogue.models import Skill
from careerplan.opportunities import services
from careerplan.opportunities.adverts import MOST_CHARACTERS
from careerplan.opportunities.models import Criterion, NeededSkill, Opportunity
from careerplan.opportunities.queries import criteria_of
from careerplan.opportunities.views import common
from careerplan.plans.models import Plan
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
    """What a browser sends back of a form that was not touched."""
    return {name: value for name in form.fields if (value := form[name].value()) not in (None, "")}


def test_one_is_noted_with_a_title_alone(signed_in):
    assert "None noted yet." in text(signed_in.get(url("list")))
    assert signed_in.post(url("new"), {"title": " Ward manager "}).url == url("list")
    assert Opportunity.objects.get().title == "Ward manager"
    page = text(signed_in.get(url("list")))
    assert "Noted. Weigh it when you have the time." in page
    assert "One is open." in page


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
def test_a_link_leads_into_the_web_or_is_asked_for_again(signed_in, link, kept):
    response = signed_in.post(url("new"), {"title": "Ward manager", "link": link, "organisation": "Northgate"})
    if kept is None:
        assert response.status_code == 200
        assert 'value="Northgate"' in text(response)
        assert not Opportunity.objects.exists()
    else:
        assert Opportunity.objects.get().link == kept


def test_a_closing_date_in_the_past_is_asked_about(signed_in):
    typed = {"title": "Ward manager", "closes_on": "2027-03-08"}
    asked = signed_in.post(url("new"), typed)
    assert "A date lies in the past. Is that what you mean?" in text(asked)
    assert not Opportunity.objects.exists()
    signed_in.post(url("new"), {**typed, "confirm_past": "on"})
    assert "closed" in text(signed_in.get(url("list")))


def test_two_tabs_on_one_opportunity_are_told_of_each_other(signed_in, opportunity):
    page = url("edit", opportunity.pk)
    typed = fields(signed_in.get(page).context["form"])
    assert signed_in.post(page, {**typed, "title": "First"}).status_code == 302
    second = signed_in.post(page, {**typed, "title": "Second", "organisation": "Northgate"})
    assert "This was changed elsewhere meanwhile" in text(second)
    assert Opportunity.objects.get().title == "First"
    again = {**fields(second.context["form"]), "clashed": "title"}
    assert signed_in.post(page, {**again, "meanwhile": "theirs"}).status_code == 302
    assert (Opportunity.objects.get().title, Opportunity.objects.get().organisation) == ("First", "Northgate")


def test_two_tabs_that_weigh_are_told_of_each_other(signed_in, user, opportunity):
    goal = make_goal(user)
    page = url("weigh", opportunity.pk)
    typed = fields(signed_in.get(page).context["form"])
    first = {**typed, f"goal_{goal.pk}": "serves", "pros": "A budget"}
    assert signed_in.post(page, first).status_code == 302
    second = signed_in.post(page, {**typed, f"goal_{goal.pk}": "delays", "cons": "Far away"})
    assert "This was changed elsewhere meanwhile" in text(second)
    assert opportunity.effects.get().effect == "serves"
    again = {**fields(second.context["form"]), "meanwhile": "mine", "clashed": f"goal_{goal.pk}"}
    assert signed_in.post(page, again).status_code == 302
    made = Opportunity.objects.get()
    assert (made.pros, made.cons, opportunity.effects.get().effect) == ("A budget", "Far away", "delays")


def test_criteria_are_written_asked_about_and_counted(signed_in, user, opportunity):
    page = url("criteria")
    typed = fields(signed_in.get(page).context["form"])
    twice = {**typed, "name_0": "Pay", "weight_0": "5", "name_1": "pay"}
    assert "is there already. Name it once." in text(signed_in.post(page, twice))
    signed_in.post(page, {**typed, "name_0": "Pay", "weight_0": "5", "name_3": "The way to work"})
    assert [(row.name, row.weight) for row in criteria_of(opportunity.plan)] == [("Pay", 5), ("The way to work", 3)]
    assert "Counts 5 of 5" in text(signed_in.get(url("weigh", opportunity.pk)))
    stale = signed_in.post(page, {**typed, "name_0": "Team"})
    assert "This was changed elsewhere meanwhile" in text(stale)
    assert Criterion.objects.count() == 2


def test_somebody_without_a_plan_has_no_criteria_yet(signed_in):
    assert signed_in.get(url("criteria")).url == url("list")


def test_skills_are_chosen_and_left_out_again(signed_in, user, opportunity):
    one, two, *_ = make_catalogue()
    page = url("skills", opportunity.pk)
    typed = fields(signed_in.get(page).context["form"])
    assert signed_in.post(page, {**typed, "add": one.pk, "add_level": "4", "another": "1"}).url == page
    typed = fields(signed_in.get(page).context["form"])
    assert typed[f"level_{one.pk}"] == 4
    signed_in.post(page, {**typed, f"level_{one.pk}": "", "add": two.pk, "add_level": "2"})
    assert list(NeededSkill.objects.values_list("skill", "level")) == [(two.pk, 2)]


def test_skills_of_somebody_else_are_refused(signed_in, other_user, opportunity):
    theirs = Skill.objects.create(name="Welding", owner=other_user)
    page = url("skills", opportunity.pk)
    response = signed_in.post(page, {**fields(signed_in.get(page).context["form"]), "add": theirs.pk})
    assert response.status_code == 200
    found = signed_in.post(
        url("advert", opportunity.pk),
        {"text": "Welding", "keep": "1", f"take_{theirs.pk}": "on", f"level_{theirs.pk}": "3"},
    )
    assert "No skill of the catalogue is named in it." in text(found)
    assert not NeededSkill.objects.exists()


def test_of_an_advert_only_what_is_confirmed_is_kept(signed_in, user, opportunity):
    one, two, *_ = make_catalogue()
    page, advert = url("advert", opportunity.pk), f"Expert {one.name}; basic {two.name}."
    shown = signed_in.post(page, {"text": advert})
    assert "Is this what it asks for?" in text(shown)
    assert not NeededSkill.objects.exists()
    nothing = signed_in.post(page, {"text": advert, "keep": "1", f"level_{one.pk}": "5", f"level_{two.pk}": "2"})
    assert "Nothing is ticked, so nothing is kept." in text(nothing)
    keep = {"text": advert, "keep": "1", f"take_{two.pk}": "on", f"level_{one.pk}": "5", f"level_{two.pk}": "3"}
    wrong = signed_in.post(page, {**keep, f"level_{two.pk}": "9"})
    assert wrong.status_code == 200
    assert not NeededSkill.objects.exists()
    assert signed_in.post(page, keep).url == opportunity.get_absolute_url()
    assert list(NeededSkill.objects.values_list("skill", "level")) == [(two.pk, 3)]


def test_an_advert_that_is_too_long_is_given_back_with_a_way_out(signed_in, opportunity):
    response = signed_in.post(url("advert", opportunity.pk), {"text": "x" * (MOST_CHARACTERS + 1)})
    assert "This is longer than 20,000 characters." in text(response)
    assert "x" * (MOST_CHARACTERS + 1) in text(response)


def test_goals_of_somebody_else_are_not_asked_about_and_not_written(signed_in, other_user, opportunity):
    theirs = make_goal(other_user, title="Theirs alone")
    page = url("weigh", opportunity.pk)
    shown = signed_in.get(page)
    assert "Theirs alone" not in text(shown)
    signed_in.post(page, {**fields(shown.context["form"]), f"goal_{theirs.pk}": "serves"})
    assert not opportunity.effects.exists()
    response = signed_in.post(
        url("pursue", opportunity.pk),
        {"reason": REASON, "step_title": "Ask", "step_due_on": "2027-04-01", "step_goal": theirs.pk},
    )
    assert response.status_code == 200
    assert Opportunity.objects.get().state == "considering"


def test_it_is_decided_with_why_and_the_next_step_then_won(signed_in, user, opportunity):
    goal = make_goal(user)
    page = url("pursue", opportunity.pk)
    assert "Say why, in a few words." in text(signed_in.post(page, {"reason": " "}))
    half = {"reason": REASON, "step_title": "Ask Karen"}
    assert "Choose the day, or empty the step." in text(signed_in.post(page, {**half, "step_goal": goal.pk}))
    signed_in.post(page, {**half, "step_goal": goal.pk, "step_due_on": "2027-04-01"})
    assert goal.steps.filter(title="Ask Karen").exists()
    assert Opportunity.objects.get().state == "pursuing"
    late = signed_in.post(page, {"reason": "Other words"})
    assert late.url == opportunity.get_absolute_url()
    signed_in.post(url("won", opportunity.pk))
    assert Opportunity.objects.get().state == "won"
    declined = signed_in.post(url("decline", opportunity.pk), {"reason": "Not after all"})
    assert "This was decided otherwise meanwhile." in text(declined)
    assert "Not after all" in text(declined)
    signed_in.post(url("reopen", opportunity.pk))
    assert REASON in text(signed_in.get(page))


def test_what_is_not_pursued_is_not_won(signed_in, opportunity):
    page = text(signed_in.post(url("won", opportunity.pk), follow=True))
    assert "Decide to pursue it first" in page
    assert Opportunity.objects.get().state == "considering"


def test_after_ninety_days_it_is_asked_whether_it_was_right(signed_in, user, opportunity):
    make_goal(user, due_on=date(2027, 12, 1))
    decline(opportunity)  # on 4 January
    early = text(signed_in.get(url("judge", opportunity.pk), follow=True))
    assert "You are asked on 4 Apr 2027." in early
    with time_machine.travel(datetime(2027, 4, 4, 12, tzinfo=UTC), tick=False):
        signed_in.force_login(user)
        for page in (url("list"), reverse("dashboard:today"), opportunity.get_absolute_url()):
            assert "Was it right?" in text(signed_in.get(page)), page
        assert "Choose one of the three." in text(signed_in.post(url("judge", opportunity.pk), {"note": "Hm."}))
        signed_in.post(url("judge", opportunity.pk), {"judgement": "partly", "note": "It led elsewhere."})
        assert "Was it right?" not in text(signed_in.get(url("list")))
        assert "It led elsewhere." in text(signed_in.get(opportunity.get_absolute_url()))


def test_two_to_four_are_put_side_by_side(signed_in, user, other_user):
    made = [make_opportunity(user, f"No. {n}") for n in range(5)]
    theirs = make_opportunity(other_user, "Theirs alone")

    def side_by_side(*rows):
        return signed_in.get(url("compare"), {"o": [row.pk for row in rows]})

    assert "Two opportunities side by side" in text(side_by_side(*made[:2]))
    assert "Four opportunities side by side" in text(side_by_side(*made[:4], made[0]))
    for rows in (made[:1], made, [made[0], theirs], []):
        assert side_by_side(*rows).url == url("list")
    assert signed_in.get(url("compare"), {"o": ["x", "9" * 30, ""]}).url == url("list")


def test_one_of_an_earlier_chapter_is_read_and_not_changed(signed_in, user, opportunity):
    Plan.objects.update(state="archived", archived_at=NOON)
    page = text(signed_in.get(opportunity.get_absolute_url()))
    assert "is to be read only" in page
    assert "Weigh it" not in page
    assert "From earlier chapters" in text(signed_in.get(url("list")))
    for name in ("edit", "weigh", "skills", "advert", "pursue", "decline", "won", "reopen", "judge", "delete"):
        assert signed_in.post(url(name, opportunity.pk)).status_code == 404, name


def test_one_is_deleted_for_good(signed_in, opportunity):
    assert "removed for good" in text(signed_in.get(url("delete", opportunity.pk)))
    assert signed_in.post(url("delete", opportunity.pk)).url == url("list")
    assert not Opportunity.objects.exists()


@pytest.mark.parametrize("name", ["won", "lost", "reopen", "delete", "decline", "pursue", "edit", "weigh"])
def test_what_is_deleted_in_another_tab_meanwhile_is_not_found(signed_in, opportunity, monkeypatch, name):
    find = common.get_object_or_404

    def find_just_before_it_goes(*args, **how):
        found = find(*args, **how)
        Opportunity.objects.filter(pk=found.pk).delete()
        return found

    monkeypatch.setattr(common, "get_object_or_404", find_just_before_it_goes)
    said = {"reason": "Later.", "title": "Other", "version": "1"}
    assert signed_in.post(reverse(f"opportunities:{name}", args=[opportunity.pk]), said).status_code == 404


def test_what_is_typed_is_shown_as_text(signed_in, user):
    nasty = "<b>x</b>\u202e{{ 1 }}"
    made = make_opportunity(user, nasty, organisation=nasty, link="https://example.org/?a=<b>")
    services.weigh_opportunity(opportunity=made, weighing=services.Weighing(pros=nasty), now=NOON)
    pursue(make_opportunity(user, "Other"))
    for page in (url("list"), made.get_absolute_url(), url("compare") + f"?o={made.pk}&o={made.pk + 1}"):
        assert "<b>x</b>" not in text(signed_in.get(page, follow=True))


def test_a_missing_skill_leads_to_a_goal_for_it(signed_in, user):
    one, *_ = make_catalogue()
    make_results(user, levels={one.pk: 1})
    make_opportunity(user, needs={one.pk: 4})
    page = text(signed_in.get(url("list")))
    assert "1 of 1" in page
    address = reverse("goals:new") + f"?skill={one.pk}"
    assert address in page
    assert one.name.lower() in text(signed_in.get(address)).lower()


@pytest.mark.parametrize("count", [1, 30])
def test_pages_cost_the_same_however_many(signed_in, user, django_assert_num_queries, count):
    skills = make_catalogue()
    make_results(user, levels={skill.pk: 2 for skill in skills})
    for n in range(count):
        made = make_opportunity(user, f"No. {n}", needs={skill.pk: 3 for skill in skills[: 1 + n % 5]})
        make_goal(user, skill=skills[n % 6], due_on=date(2027, 12, 1))
        Criterion.objects.get_or_create(plan=made.plan, name=f"No. {n % 6}", weight=3)
    other = make_opportunity(user)
    pages = {
        url("list"): 4,
        made.get_absolute_url(): 8,
        url("weigh", made.pk): 9,
        url("skills", made.pk): 4,
        url("edit", made.pk): 2,
        url("pursue", made.pk): 6,
        url("compare") + f"?o={made.pk}&o={other.pk}": 7,
    }
    for page, queries in pages.items():
        with django_assert_num_queries(queries):
            assert signed_in.get(page).status_code == 200
