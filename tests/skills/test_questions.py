"""Questions of a quick assessment, chosen page by page by the answers so far."""

import pytest
from django.db.models import Count, Q
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from careerplan.catalogue.models import Occupation
from careerplan.matching.questions import PAGE
from careerplan.skills.fit import IMPORTANT
from careerplan.skills.models import Assessment, Rating
from careerplan.skills.queries.draft import assessment_options, load_wizard
from careerplan.skills.queries.questions import choose_questions, count_pages
from careerplan.skills.services.answers import save_ratings
from careerplan.skills.services.direction import save_direction
from careerplan.skills.services.drafts import start_assessment
from careerplan.skills.wizard.pages import PageKind
from tests.factories.skills import NOW, answer_direction, answer_judgement, answer_tasks
from tests.skills.pages import at, fields_of, numbers_in, shown_on
from tests.skills.ranked import shipped
from tests.skills.test_two_tabs import Tab

SHIPPED = shipped()
CATALOGUE = SHIPPED.catalogue
NURSE, ELECTRICIAN = SHIPPED.ids["Registered nurse"], SHIPPED.ids["Electrician"]
LEVELS = st.dictionaries(st.integers(1, 68), st.none() | st.integers(0, 5))
PEOPLE = st.sampled_from([None, NURSE, ELECTRICIAN])


def ask_all(answers, current=None, target=None):
    """The questions once each page was answered: `answers` by skill, 3 where it has none."""
    needs = SHIPPED.needs[target] if target else {}
    chosen, levels = [], {}
    while len(found := choose_questions(CATALOGUE, chosen, levels, current, needs)) > len(chosen):
        assert found[: len(chosen)] == chosen
        chosen = found
        levels |= {pk: answers.get(pk, 3) for pk in chosen}
    return chosen


def first_page(levels=None, current=None):
    return choose_questions(CATALOGUE, [], levels or {}, current, {})


@given(LEVELS, PEOPLE, PEOPLE)
def test_the_same_rows_give_the_same_questions(levels, current, target):
    needs = SHIPPED.needs[target] if target else {}
    questions = choose_questions(CATALOGUE, [], levels, current, needs)
    turned = dict(reversed(levels.items()))
    assert choose_questions(CATALOGUE, [], turned, current, needs) == questions
    assert choose_questions(CATALOGUE, questions, levels, current, needs) == questions


@given(LEVELS, PEOPLE, PEOPLE)
def test_no_question_is_asked_twice_and_there_are_as_many_pages_as_said(answers, current, target):
    questions = ask_all(answers, current, target)
    needs = SHIPPED.needs[target] if target else {}
    assert len(set(questions)) == len(questions) == PAGE * count_pages(CATALOGUE, current, needs)


@pytest.mark.parametrize(
    ("current", "target", "pages"), [(NURSE, None, 3), (None, None, 5), (NURSE, ELECTRICIAN, 4), (None, NURSE, 5)]
)
def test_a_current_occupation_saves_pages_and_with_it_a_rated_target_takes_one_more(current, target, pages):
    needs = SHIPPED.needs[target] if target else {}
    assert count_pages(CATALOGUE, current, needs) == pages


def test_an_occupation_that_is_not_ranked_is_as_good_as_none():
    assert count_pages(CATALOGUE, 9999, {}) == 5
    assert first_page(current=9999) == first_page()


def test_answers_given_already_are_not_asked_again():
    page = first_page()
    assert not set(first_page(dict.fromkeys(page))) & set(page)


def test_not_sure_is_an_answer_too():
    page = first_page()
    questions = choose_questions(CATALOGUE, page, dict.fromkeys(page), None, {})
    assert len(questions) == 2 * PAGE


def second_pages():
    """Answers to the first page, alike and mixed, and the second page that each leads to."""
    first = first_page()
    low, high = dict.fromkeys(first, 0), dict(zip(first, (5, 0, 5, 0, 5), strict=True))
    pages = [choose_questions(CATALOGUE, first, levels, None, {})[PAGE:] for levels in (low, high)]
    assert pages[0] != pages[1]
    return first, low, high, *pages


def test_a_page_without_an_answer_is_chosen_again():
    first, _low, high, after_low, after_high = second_pages()
    assert choose_questions(CATALOGUE, first + after_low, high, None, {}) == first + after_high


def test_a_page_with_an_answer_stays():
    first, _low, high, after_low, _after_high = second_pages()
    levels = high | {after_low[2]: 1}
    assert choose_questions(CATALOGUE, first + after_low, levels, None, {}) == first + after_low


def test_no_further_page_is_chosen_before_the_last_one_is_answered():
    first = first_page()
    levels = dict.fromkeys(first[:-1], 3)
    assert choose_questions(CATALOGUE, first, levels, None, {}) == first


def test_pages_that_are_answered_stay_when_fewer_would_do():
    questions = ask_all({})
    levels = dict.fromkeys(questions, 3)
    assert choose_questions(CATALOGUE, questions, levels, NURSE, {}) == questions


def test_the_last_page_asks_what_the_target_needs_most():
    questions = ask_all({}, NURSE, ELECTRICIAN)
    before, last = questions[:-PAGE], questions[-PAGE:]
    needs = SHIPPED.needs[ELECTRICIAN]
    usual = CATALOGUE.table.figures[CATALOGUE.rows[NURSE]]
    assert all(needs[pk].is_needed and pk not in before for pk in last)
    # Each is above what is usual in the current occupation, so that it tells something.
    assert all(needs[pk].figure > usual[CATALOGUE.columns[pk]] for pk in last)


def test_without_the_target_its_page_goes_unless_it_is_answered():
    questions = ask_all({}, NURSE, ELECTRICIAN)
    levels = dict.fromkeys(questions[:-PAGE], 3)
    assert choose_questions(CATALOGUE, questions, levels, NURSE, {}) == questions[:-PAGE]
    levels |= {questions[-1]: 3}
    assert choose_questions(CATALOGUE, questions, levels, NURSE, {}) == questions


# Through the wizard.


@pytest.fixture
def draft(shipped_catalogue, user):
    """A quick assessment of a nurse without a target."""
    draft = start_assessment(user=user, mode=Assessment.Mode.QUICK, now=NOW)
    answer_direction(draft)
    save_direction(
        assessment=draft, changes={"current_role": "Registered nurse", "target_role": "Something else"}, now=NOW
    )
    draft.refresh_from_db()
    return draft


def wizard_of(draft):
    return load_wizard(Assessment.objects.select_related("user", "target_occupation").get(pk=draft.pk))


def page_keys(draft):
    return [page.key for page in wizard_of(draft).pages if page.key.startswith("what-you-can")]


def answer(client, draft, key, value="3"):
    """Answers all questions of a page alike, or in turn by each value of several, and gives where it leads."""
    skills = wizard_of(draft).page(key).skills
    values = [value] * len(skills) if len(value) != len(skills) else value
    answers = {f"skill-{one.pk}": chosen for one, chosen in zip(skills, values, strict=True)}
    response = client.post(at(key), {**shown_on(client, key), **answers, "go": "next"})
    assert response.status_code == 302
    return response


def key_of(response):
    return response.url.split("#")[0].split("?")[0].strip("/").split("/")[-1]


PAGES = ["what-you-can-do", "what-you-can-do-2", "what-you-can-do-3"]


@pytest.mark.parametrize("value", ["0", "3", "unsure", "5"])
def test_page_after_page_leads_to_the_check(signed_in, draft, value):
    assert page_keys(draft) == PAGES
    asked = []
    for key in PAGES:
        page = wizard_of(draft).page(key)
        assert signed_in.get(at(key)).status_code == 200
        assert len(page.skills) == PAGE
        asked += page.skills
        where = key_of(answer(signed_in, draft, key, value))
    assert len(set(asked)) == 15
    assert where == "strengths"
    levels = wizard_of(draft).answers.levels
    chosen = {f"category-{rating.skill_id}": "neither" for rating in levels}
    assert key_of(signed_in.post(at("strengths"), {**chosen, "go": "next"})) == "skills-to-learn"
    assert key_of(signed_in.post(at("skills-to-learn"), {"go": "next"})) == "check"
    assert wizard_of(draft).is_complete
    assert signed_in.post(reverse("skills:finish")).url.startswith("/skills/")
    assert signed_in.get(reverse("skills:results")).status_code == 200


def test_a_target_has_a_page_of_its_own(signed_in, draft):
    target = Occupation.objects.get(title="Electrician")
    save_direction(assessment=draft, changes={"target_occupation": target}, now=NOW)
    assert page_keys(draft) == [*PAGES, "what-you-can-do-4"]
    for key in PAGES:
        answer(signed_in, draft, key)
    last = {skill.pk for skill in wizard_of(draft).page("what-you-can-do-4").skills}
    needed = {need.skill_id for need in wizard_of(draft).answers.needs.values() if need.is_needed}
    assert last <= needed
    assert key_of(answer(signed_in, draft, "what-you-can-do-4")) == "strengths"


@pytest.mark.parametrize("place", [0, 1, 2, -1])
def test_targets_that_need_least_and_most_can_be_finished(user, shipped_catalogue, place):
    needed = Count("needs", filter=Q(needs__importance__gte=IMPORTANT))
    target = list(Occupation.objects.annotate(needed=needed).order_by("needed", "pk"))[place]
    draft = start_assessment(user=user, mode=Assessment.Mode.QUICK, now=NOW)
    answer_direction(draft)
    save_direction(assessment=draft, changes={"target_occupation": target}, now=NOW)
    answer_tasks(draft)
    for _ in range(10):
        page = wizard_of(draft).first_unanswered
        if not page.skills:
            break
        save_ratings(assessment=draft, levels=dict.fromkeys([one.pk for one in page.skills], 2), now=NOW)
    assert wizard_of(draft).first_unanswered.key == "strengths"


def test_a_target_whose_needs_were_all_asked_adds_no_page(user, draft):
    """Its page would be empty, and nobody could answer it."""
    target = Occupation.objects.get(title="Electrician")
    for key in PAGES:
        ids = [skill.pk for skill in wizard_of(draft).page(key).skills]
        save_ratings(assessment=draft, levels=dict.fromkeys(ids, 3), now=NOW)
    asked = set(draft.ratings.values_list("skill_id", flat=True))
    target.needs.exclude(skill_id__in=asked).update(importance=1)
    save_direction(assessment=draft, changes={"target_occupation": target}, now=NOW)
    answer_tasks(draft)
    assert page_keys(draft) == PAGES
    assert wizard_of(draft).first_unanswered.key == "strengths"


def test_a_page_that_is_not_chosen_yet_leads_to_the_first_open_one(signed_in, draft):
    assert signed_in.get(at(PAGES[2])).url == at(PAGES[0])
    assert signed_in.post(at(PAGES[2]), {"go": "next"}).status_code == 302
    assert wizard_of(draft).first_unanswered.key == PAGES[0]


def test_it_is_resumed_with_the_same_questions(signed_in, draft, client, user):
    answer(signed_in, draft, PAGES[0])
    before = wizard_of(draft).page(PAGES[1]).skills
    client.force_login(user)
    assert client.get(reverse("skills:continue")).url == at(PAGES[1])
    assert wizard_of(draft).page(PAGES[1]).skills == before


def test_back_and_forth_without_a_change_keeps_the_questions(signed_in, draft):
    answer(signed_in, draft, PAGES[0])
    before = wizard_of(draft).page(PAGES[1]).skills
    assert key_of(signed_in.post(at(PAGES[1]), {"go": "back"})) == PAGES[0]
    assert key_of(answer(signed_in, draft, PAGES[0])) == PAGES[1]
    assert wizard_of(draft).page(PAGES[1]).skills == before


def test_another_answer_chooses_the_open_page_again(signed_in, draft):
    answer(signed_in, draft, PAGES[0], "05050")
    before = wizard_of(draft).page(PAGES[1]).skills
    answer(signed_in, draft, PAGES[0], "50505")
    assert wizard_of(draft).page(PAGES[1]).skills != before


def test_another_answer_leaves_a_page_that_is_begun(signed_in, draft):
    answer(signed_in, draft, PAGES[0], "05050")
    before = wizard_of(draft).page(PAGES[1]).skills
    save_ratings(assessment=draft, levels={before[0].pk: 2}, now=NOW)
    answer(signed_in, draft, PAGES[0], "50505")
    assert wizard_of(draft).page(PAGES[1]).skills == before


def test_answers_of_a_tab_whose_questions_were_chosen_again_are_saved(signed_in, draft):
    answer(signed_in, draft, PAGES[0], "05050")
    tab = Tab(signed_in, PAGES[1])
    shown = wizard_of(draft).page(PAGES[1]).skills
    answer(signed_in, draft, PAGES[0], "50505")
    assert wizard_of(draft).page(PAGES[1]).skills != shown
    assert tab.leave(**fields_of(list(shown), "4")).status_code in {200, 302}
    assert dict(Rating.objects.filter(skill__in=shown).values_list("skill_id", "level")) == dict.fromkeys(
        [skill.pk for skill in shown], 4
    )
    while (page := wizard_of(draft).first_unanswered).skills:
        answer(signed_in, draft, page.key)
    assert wizard_of(draft).first_unanswered.key == "strengths"


def test_two_tabs_on_one_page_ask_the_same(signed_in, draft):
    one, other = Tab(signed_in, PAGES[0]), Tab(signed_in, PAGES[0])
    skills = wizard_of(draft).page(PAGES[0]).skills
    one.leave(**fields_of(list(skills), "2"))
    chosen = wizard_of(draft).page(PAGES[1]).skills
    assert other.leave(**fields_of(list(skills), "2")).status_code == 302
    assert wizard_of(draft).page(PAGES[1]).skills == chosen


def test_without_a_known_occupation_there_are_five_pages(signed_in, draft):
    save_direction(assessment=draft, changes={"current_role": "Lion tamer"}, now=NOW)
    assert len(page_keys(draft)) == 5
    save_direction(assessment=draft, changes={"current_role": "Staff nurse"}, now=NOW)
    assert len(page_keys(draft)) == 3


def test_full_mode_chooses_nothing(shipped_catalogue, user):
    draft = start_assessment(user=user, mode=Assessment.Mode.FULL, now=NOW)
    answer_direction(draft)
    draft.refresh_from_db()
    assert (draft.questions, draft.question_pages) == (None, 0)
    stages = dict.fromkeys(page.stage.value for page in wizard_of(draft).pages)
    assert list(stages)[4:7] == ["work-skills", "people-skills", "knowledge"]
    assert len(wizard_of(draft).answers.skills) == 78


@pytest.mark.parametrize(
    ("mode", "stages"), [("quick", ["what-you-can-do"]), ("full", ["work", "people", "knowledge"])]
)
def test_the_check_counts_the_ratings_of_every_stage(signed_in, user, shipped_catalogue, mode, stages):
    draft = start_assessment(user=user, mode=Assessment.Mode(mode), now=NOW)
    answer_direction(draft)
    draft.refresh_from_db()
    section = signed_in.get(at("check")).context["sections"][-1]
    missing = [row.page_key for row in section.rows if not row.text]
    assert all(any(key.startswith(stage) for key in missing) for stage in stages)
    assert not section.is_complete
    while (page := load_wizard(draft).first_unanswered).kind is PageKind.RATINGS:
        save_ratings(assessment=draft, levels=dict.fromkeys((skill.pk for skill in page.skills), 2), now=NOW)
        draft.refresh_from_db()
    answer_judgement(draft)
    section = signed_in.get(at("check")).context["sections"][-1]
    counts = [numbers_in(row.text)[0] for row in section.rows if numbers_in(row.text)]
    assert section.is_complete
    assert (len(counts), sum(counts)) == (len(stages), draft.ratings.count())


def test_a_retake_of_some_skills_chooses_nothing(shipped_catalogue, user):
    skills = [pk for pk, _ in zip(SHIPPED.catalogue.columns, range(2), strict=False)]
    draft = start_assessment(user=user, mode=Assessment.Mode.QUICK, now=NOW, limited_to=skills)
    assert (draft.questions, draft.question_pages) == (None, 0)


def test_the_offer_counts_the_questions_that_will_be_chosen(shipped_catalogue, user):
    offers = {offer.key: offer for offer in assessment_options(user, NOW)}
    assert offers["quick"].skills == 25  # at most: 5 pages
    assert offers["full"].skills == 78
