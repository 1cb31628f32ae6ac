"""One page open twice: no answer is overwritten silently, and what is saved while typing says so."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client

from careerplan.skills.models import Rating
from careerplan.skills.services.direction import save_direction
from tests.factories.skills import (
    NOW,
    answer_direction,
    answer_ratings,
    make_answered_draft,
    make_draft,
    make_finished_assessment,
)
from tests.skills.pages import FIRST, WHERE_TO, WORK, at

pytestmark = pytest.mark.django_db


class Tab:
    """A page as one tab has it: what it was made from goes back with every save."""

    def __init__(self, client: Client, key: str):
        self.client, self.key = client, key
        self.read(client.get(at(key)).content.decode())

    def read(self, page: str) -> str:
        self.page = page
        self.made_from = {"shown": unescape(re.search(r'name="shown" value="([^"]*)"', page)[1])}
        return page

    def choices(self, which: str) -> dict[str, str]:
        found = re.findall(rf'name="(choice-[^"]+)"\s+id="[^"]+"\s+value="({which}-[^"]+)"', self.page)
        return dict(found)

    def leave(self, go: str = "next", **answers):
        response = self.client.post(at(self.key), {**self.made_from, **answers, "go": go})
        if response.status_code == 200 and go != "stay":
            self.read(response.content.decode())
        return response

    def type_without_response(self, **answers) -> str:
        """It arrives, and the reply is lost; what was sent goes along with the next time."""
        assert self.leave("stay", **answers).status_code == 200
        return urlencode({**answers, "go": "stay"})

    def type(self, **answers) -> dict:
        told = self.leave("stay", **answers).json()
        self.made_from = {"shown": told["shown"]}
        self.page = told["conflicts"] or self.page
        return told


def role(draft) -> str:
    draft.refresh_from_db()
    return draft.current_role


def test_a_different_answer_from_another_tab_is_asked_about(signed_in, draft):
    mine, other = Tab(signed_in, FIRST), Tab(signed_in, FIRST)
    other.leave(career_stage="starting", current_role="Baker")
    answer = mine.leave(career_stage="starting", current_role="Cook")
    assert role(draft) == "Baker"
    page = unescape(answer.content.decode())
    assert "Keep mine: Cook" in page
    assert "Keep the other version: Baker" in page
    assert 'value="Cook"' in page


@pytest.mark.parametrize(("which", "expected"), [("mine", "Cook"), ("other", "Baker")])
def test_chosen_answer_is_saved(signed_in, draft, which, expected):
    mine, other = Tab(signed_in, FIRST), Tab(signed_in, FIRST)
    other.leave(career_stage="starting", current_role="Baker")
    typed = {"career_stage": "starting", "current_role": "Cook"}
    mine.leave(**typed)
    assert mine.leave(**typed).status_code == 200  # without a choice it is asked again
    assert role(draft) == "Baker"
    assert mine.leave(**typed, **mine.choices(which)).url == at(WHERE_TO)
    assert role(draft) == expected


def test_choice_applies_to_the_shown_answer(signed_in, draft):
    mine, other = Tab(signed_in, FIRST), Tab(signed_in, FIRST)
    other.leave(career_stage="starting", current_role="Baker")
    typed = {"career_stage": "starting", "current_role": "Cook"}
    mine.leave(**typed)
    Tab(signed_in, FIRST).leave(career_stage="starting", current_role="Miller")
    answer = mine.leave(**typed, **mine.choices("mine"))
    assert "Keep the other version: Miller" in answer.content.decode()
    assert role(draft) == "Miller"


def test_untouched_field_takes_the_answer_of_the_other_tab(signed_in, draft):
    answer_direction(draft)
    mine, other = Tab(signed_in, FIRST), Tab(signed_in, FIRST)
    other.leave(career_stage="promotion", current_role="Sister")
    mine.leave(career_stage="changing", current_role="Senior staff nurse")
    assert (role(draft), draft.career_stage) == ("Sister", "changing")


def test_same_answer_in_both_tabs_is_no_conflict(signed_in, draft):
    mine, other = Tab(signed_in, FIRST), Tab(signed_in, FIRST)
    other.leave(career_stage="starting", current_role="Baker")
    assert mine.leave(career_stage="starting", current_role="Baker ").status_code == 302


def test_answers_of_other_pages_are_no_conflicts(signed_in, draft):
    mine = Tab(signed_in, FIRST)
    answer_direction(draft)
    Tab(signed_in, WHERE_TO).leave(target_role="Baker")
    save_direction(assessment=draft, changes={"career_stage": "", "current_role": ""}, now=NOW)
    assert mine.leave(career_stage="starting", current_role="Cook").status_code == 302


def test_each_rating_is_a_conflict_of_its_own(signed_in, draft):
    mine, other = Tab(signed_in, WORK), Tab(signed_in, WORK)
    first, second = re.findall(r'name="skill-(\d+)"\s+id="[^"]+-0"', mine.page)
    other.leave("close", **{f"skill-{first}": "2"})
    answer = mine.leave("back", **{f"skill-{first}": "4", f"skill-{second}": "5"})
    assert "Keep mine: 4 Advanced" in answer.content.decode()
    levels = dict(Rating.objects.values_list("skill_id", "level"))
    assert levels == {int(first): 2, int(second): 5}


def test_a_tick_from_another_tab_stays(signed_in, user):
    draft = make_answered_draft(user, level=3)
    mine, other = Tab(signed_in, "skills-to-learn"), Tab(signed_in, "skills-to-learn")
    first, second, *_ = draft.ratings.values_list("skill_id", flat=True)
    other.leave(**{f"learn-{first}": "on"})
    mine.leave(**{f"learn-{second}": "on"})
    assert set(draft.ratings.filter(wants_to_learn=True).values_list("skill_id", flat=True)) == {first, second}


@pytest.mark.parametrize("shown", ["x", "a:b", "current_role", "::", "\0", "nothing=1", "[" * 5000])
def test_invalid_shown_values_are_ignored(signed_in, draft, shown):
    data = {"career_stage": "starting", "current_role": "Cook", "shown": shown, "go": "next"}
    assert signed_in.post(at(FIRST), data).status_code == 302
    assert role(draft) == "Cook"


# --- While a user types ---------------------------------------------------------------------------


def test_autosave_saves_and_says_when(signed_in, draft, time_machine):
    time_machine.move_to(NOW, tick=False)
    tab = Tab(signed_in, FIRST)
    told = tab.type(current_role="Co")
    assert "Saved 10:12" in told["saved"]
    assert (told["problem"], told["conflicts"], told["values"]) == ("", "", {})
    tab.type(current_role="Cook")
    assert role(draft) == "Cook"
    assert tab.leave(career_stage="starting", current_role="Cook in a hotel").status_code == 302


def test_autosave_reports_errors_and_saves_the_rest(signed_in, draft):
    told = Tab(signed_in, FIRST).type(career_stage="starting", current_role="x" * 300)
    assert told["problem"]
    assert (role(draft), draft.career_stage) == ("", "starting")


def test_autosave_returns_changes_of_other_tabs(signed_in, draft):
    answer_direction(draft)
    mine, other = Tab(signed_in, FIRST), Tab(signed_in, FIRST)
    other.leave(career_stage="promotion", current_role="Sister")
    told = mine.type(career_stage="changing", current_role="Senior staff nurse")
    assert told["values"] == {"current_role": "Sister"}
    assert mine.leave(career_stage="changing", current_role="Matron").status_code == 302
    assert role(draft) == "Matron"


@pytest.mark.parametrize(("which", "values"), [("mine", {}), ("other", {"current_role": "Baker"})])
def test_autosave_returns_conflicts(signed_in, draft, which, values):
    mine, other = Tab(signed_in, FIRST), Tab(signed_in, FIRST)
    other.leave(career_stage="starting", current_role="Baker")
    assert "Keep mine: Cook" in mine.type(current_role="Cook")["conflicts"]
    told = mine.type(current_role="Cook", **mine.choices(which))
    assert (told["conflicts"], told["values"]) == ("", values)
    assert role(draft) == ("Cook" if which == "mine" else "Baker")


def test_same_answer_after_a_lost_response_is_no_conflict(signed_in, draft):
    tab = Tab(signed_in, WHERE_TO)
    answers = {"target_role": "Baker ", "vision": "A bakery.\r\nMine.", "horizon": "date", "horizon_on": "2036-02-20"}
    tab.type_without_response(**answers)
    assert tab.type(**answers)["conflicts"] == ""
    assert Tab(signed_in, WHERE_TO).leave(**answers).status_code == 302
    draft.refresh_from_db()
    assert (draft.horizon, draft.horizon_on.isoformat()) == ("date", "2036-02-20")


def test_own_words_after_a_lost_response_are_no_conflict(signed_in, draft):
    tab = Tab(signed_in, FIRST)
    first = tab.type_without_response(current_role="Co")
    second = tab.type_without_response(current_role="Cook", unacknowledged=first)
    told = tab.type(career_stage="starting", current_role="Cook in a hotel", unacknowledged=[first, second])
    assert (told["conflicts"], told["values"], role(draft)) == ("", {}, "Cook in a hotel")


def test_cleared_answer_after_a_lost_response_stays_cleared(signed_in, draft):
    tab = Tab(signed_in, FIRST)
    sent = tab.type_without_response(current_role="Cook")
    tab.type(current_role="", unacknowledged=sent)
    assert role(draft) == ""


def test_answer_of_another_tab_after_a_lost_response_is_a_conflict(signed_in, draft):
    tab = Tab(signed_in, FIRST)
    sent = tab.type_without_response(current_role="Co")
    Tab(signed_in, FIRST).leave(career_stage="starting", current_role="Baker")
    assert "Keep the other version: Baker" in tab.type(current_role="Cook", unacknowledged=sent)["conflicts"]
    assert role(draft) == "Baker"


@pytest.mark.parametrize("unacknowledged", ["", "x", "\0", "%ff", "current_role", "=" * 5000, ["&"] * 50])
def test_invalid_unacknowledged_posts_are_ignored(signed_in, draft, unacknowledged):
    assert Tab(signed_in, FIRST).type(current_role="Cook", unacknowledged=unacknowledged)["conflicts"] == ""
    assert role(draft) == "Cook"


def test_autosave_adds_no_unfinished_skill(signed_in, user):
    draft = make_draft(user)
    answer_direction(draft)
    answer_ratings(draft, level=2)
    first = draft.ratings.first().skill_id
    Tab(signed_in, "skills-to-learn").type(**{f"learn-{first}": "on", "own_name": "Weld"})
    assert list(draft.ratings.order_by("pk").values_list("wants_to_learn", flat=True)) == [True, *[None] * 5]
    Tab(signed_in, "skills-to-learn").type()
    assert draft.ratings.get(skill=first).wants_to_learn is False


def test_autosave_leaves_unmarked_skills_open(signed_in, draft):
    answer_ratings(draft, level=5)
    first = draft.ratings.values_list("skill_id", flat=True)[0]
    Tab(signed_in, "strengths").type(**{f"category-{first}": "strength"})
    assert sorted(draft.ratings.values_list("category", flat=True)) == ["", "", "", "", "", "strength"]


def test_autosave_of_a_deleted_draft_redirects(signed_in, user):
    make_finished_assessment(user)
    response = signed_in.post(at(FIRST), {"current_role": "Cook", "go": "stay"})
    assert response.status_code == 409
    assert response.json()["problem"]


def test_autosave_without_a_session_redirects(client, draft):
    assert client.post(at(FIRST), {"go": "stay"}).status_code == 302


def test_a_token_from_another_sign_in_is_refused(user, draft):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    assert strict.post(at(FIRST), {"go": "stay"}).status_code == 403
