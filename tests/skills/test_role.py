"""The current and the target role: tied to an occupation by its title, asked about where it is near one, never lost."""

import csv

import pytest

from careerplan.catalogue.models import Occupation
from careerplan.catalogue.queries import occupation_named, search_occupations
from careerplan.plans.forms import HITS
from careerplan.skills.queries.draft import load_wizard
from careerplan.skills.queries.standing import current_occupation_id
from careerplan.skills.services.direction import save_direction, save_education
from careerplan.skills.services.drafts import start_assessment
from careerplan.skills.services.finish import finish_assessment
from tests.catalogue.releases import SHARED
from tests.factories.skills import NOW, answer_interests, answer_judgement, answer_ratings, make_draft
from tests.skills.pages import EDUCATION, FIRST, WHERE_TO, at, errors_of, shown_on

pytestmark = [pytest.mark.usefixtures("shipped_catalogue"), pytest.mark.django_db]
STAGE = {"career_stage": "starting"}


class Role:
    """One of the two pages with a role, and what is stored of it."""

    def __init__(self, client, draft, kind: str) -> None:
        self.client, self.draft, self.kind = client, draft, kind
        self.key = FIRST if kind == "current" else WHERE_TO
        self.more = STAGE if kind == "current" else {}

    def post(self, words: str, go: str = "next", occupation: int | str | None = None, **more: str):
        data = {f"{self.kind}_role": words, "go": go, **self.more, **more}
        if occupation is not None:
            data[f"{self.kind}_occupation"] = str(occupation)
        return self.client.post(at(self.key), data | shown_on(self.client, self.key))

    @property
    def stored(self) -> tuple[str, str, bool]:
        """Own words, title of the occupation, and whether own words were kept."""
        self.draft.refresh_from_db()
        occupation = getattr(self.draft, f"{self.kind}_occupation")
        words, unlisted = getattr(self.draft, f"{self.kind}_role"), getattr(self.draft, f"{self.kind}_unlisted")
        return words, occupation.title if occupation else "", unlisted


@pytest.fixture(params=["current", "target"])
def role(request, signed_in, user):
    return Role(signed_in, make_draft(user, catalogue=False), request.param)


def pk_of(title: str) -> int:
    return Occupation.objects.get(title=title).pk


@pytest.mark.parametrize(
    ("words", "title", "go"),
    [
        ("Registered nurse", "Registered nurse", "next"),
        ("registered NURSE", "Registered nurse", "next"),
        ("Staff nurse, ward 12", "Registered nurse", "next"),
        ("RN", "Registered nurse", "next"),
        ("solicitor", "Lawyer", "next"),
        *(("solicitor", "Lawyer", go) for go in ("stay", "back", "close")),
    ],
)
def test_a_title_or_another_title_ties_at_once(role, words, title, go):
    role.post(words, go)
    assert role.stored == (words, title, False)


def test_the_tie_follows_the_words(role):
    role.post("Registered nurse", "stay")
    role.post("Software developer", "next")
    assert role.stored == ("Software developer", "Software developer", False)
    role.post("Baking bread somewhere", "stay", pk_of("Software developer"))  # the radio that the page still shows
    assert role.stored == ("Baking bread somewhere", "", False)


def test_a_near_title_is_asked_about_on_continue_and_not_before(role):
    assert role.post("nurse manager of a ward", "stay").json()["problem"] == ""
    asked = role.post("nurse manger")
    assert (asked.status_code, asked.context["form"].is_asking, errors_of(asked)) == (200, True, set())
    assert asked.context["form"].chosen_occupation == ""
    again = role.post("nurse manger", asked="nurse manger")
    assert errors_of(again) == {(f"{role.kind}_occupation", "choose_occupation")}
    assert role.stored == ("nurse manger", "", False)


def test_the_answer_ties_or_keeps_the_own_words(role):
    nurse = pk_of("Registered nurse")
    assert role.post("nurse manger", occupation=nurse, asked="nurse manger").status_code == 302
    assert role.stored == ("nurse manger", "Registered nurse", False)
    assert role.post("nurse manger", occupation="", asked="nurse manger").status_code == 302
    assert role.stored == ("nurse manger", "", True)


def test_the_same_words_are_not_asked_about_again(role, user):
    role.post("nurse manger", occupation="", asked="nurse manger")
    assert role.post("nurse manger").status_code == 302
    assert role.post("nurse mangers").context["form"].is_asking
    role.post("nurse manger", occupation="", asked="nurse manger")
    save_education(assessment=role.draft, changes={"level": "bachelor", "enough": "yes"}, now=NOW)
    save_direction(
        assessment=role.draft,
        changes={"career_stage": "starting", "target_role": "nurse manger", "target_unlisted": True},
        now=NOW,
    )
    answer_interests(role.draft)
    answer_ratings(role.draft)
    answer_judgement(role.draft)
    finish_assessment(assessment=role.draft, now=NOW, today=NOW.date())
    later = Role(role.client, start_assessment(user=user, mode="quick", now=NOW), role.kind)
    assert later.post("nurse manger").status_code == 302
    assert later.stored == ("nurse manger", "", True)


def test_own_words_that_are_near_to_nothing_are_kept_without_a_question(role):
    assert role.post("xyzzy").status_code == 302
    assert role.stored == ("xyzzy", "", True)


def test_an_exact_title_may_be_declined(role):
    role.post("Registered nurse", "stay")
    assert role.post("Registered nurse", occupation="", asked="Registered nurse").status_code == 302
    assert role.stored == ("Registered nurse", "", True)
    assert role.client.get(at(role.key)).context["form"].chosen_occupation == ""


def test_a_title_that_two_occupations_have_is_asked_about(role):
    for code in ("99-9111.00", "99-9111.01"):
        Occupation.objects.create(code=code, title="Lighthouse keeper")
    assert role.post("Lighthouse keeper").context["form"].is_asking
    assert role.stored == ("Lighthouse keeper", "", False)


@pytest.mark.parametrize(("words", "page"), [("nurse manger", WHERE_TO), ("Registered nurse", "tasks")])
def test_a_near_target_that_saved_itself_is_asked_about_on_the_way_back(signed_in, user, words, page):
    draft = make_draft(user, catalogue=False)
    save_direction(assessment=draft, changes=STAGE, now=NOW)
    Role(signed_in, draft, "target").post(words, "stay")
    draft.refresh_from_db()
    assert load_wizard(draft).first_unanswered.key == page


def test_the_chosen_current_occupation_is_what_people_are_compared_with(signed_in, user):
    role = Role(signed_in, make_draft(user, catalogue=False), "current")
    role.post("nurse manger", occupation=pk_of("Registered nurse"), asked="nurse manger")
    assert role.stored[1] == "Registered nurse"
    assert current_occupation_id(role.draft) == pk_of("Registered nurse")
    role.post("Registered nurse", occupation="", asked="Registered nurse")
    role.draft.refresh_from_db()
    assert current_occupation_id(role.draft) is None


def test_the_choice_is_filled_in_next_time(signed_in, user):
    draft = make_draft(user, catalogue=False)
    Role(signed_in, draft, "current").post("nurse manger", occupation=pk_of("Registered nurse"), asked="nurse manger")
    save_direction(assessment=draft, changes={"target_undecided": True}, now=NOW)
    save_education(assessment=draft, changes={"level": "bachelor"}, now=NOW)
    answer_interests(draft)
    answer_ratings(draft)
    answer_judgement(draft)
    finish_assessment(assessment=draft, now=NOW, today=NOW.date())
    start_assessment(user=user, mode="quick", now=NOW)
    form = signed_in.get(at(FIRST)).context["form"]
    assert form.chosen_occupation == str(pk_of("Registered nurse"))


def test_continuing_with_a_new_target_leads_to_its_tasks(signed_in, user):
    role = Role(signed_in, make_draft(user, catalogue=False), "target")
    assert role.post("Registered nurse").url == at("tasks")
    assert role.post("xyzzy").url == at(EDUCATION)


def test_an_undecided_target_is_not_asked_about(signed_in, user):
    draft = make_draft(user, catalogue=False)
    assert Role(signed_in, draft, "target").post("", target_undecided="on").url == at(EDUCATION)


def typed_titles() -> list[dict[str, str]]:
    """What people typed, and which occupations are right; nothing where the shared data is not there."""
    path = SHARED.parent / "cases" / "titles.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("case", typed_titles(), ids=lambda case: case["typed"])
def test_what_people_type_is_never_tied_to_a_wrong_occupation(case):
    """Tied only to a right one. A right one that is shipped is tied, or among the nearest that are asked about."""
    titles = case["acceptable_first_shipped"].split(";")
    right = {one.pk for title in titles if (one := occupation_named(title))}  # some have another title now
    named = occupation_named(case["typed"])
    if named is not None:
        assert named.pk in right
    elif "none, say so" not in titles:
        assert right & {hit.pk for hit in search_occupations(case["typed"], HITS)}


@pytest.mark.parametrize(
    "typed",
    ["Electrician at Smith Ltd", "Former electrician", "electrician, self-employed", "Senior electrician at sea"],
)
def test_employer_and_seniority_do_not_hide_an_occupation(typed):
    found = occupation_named(typed)
    assert found is not None
    assert found.title == "Electrician"
