"""The wizard as data: what is asked, what counts as answered, where to go on, how long it takes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.catalogue.interests import activities
from careerplan.catalogue.models import Skill, SkillGroup
from careerplan.catalogue.services import load_skills
from careerplan.catalogue.shipped_data import read_skills
from careerplan.skills.fit import SkillNeed
from careerplan.skills.models import Assessment, Education, InterestAnswer, Rating
from careerplan.skills.queries.draft import assessment_options
from careerplan.skills.suggestions import select_quick_skills, suggest_category, suggest_learning
from careerplan.skills.texts import list_names
from careerplan.skills.wizard.answers import Answers
from careerplan.skills.wizard.pages import MOST_SKILLS, PageKind, WizardStage
from careerplan.skills.wizard.skill_pages import asked_skills
from careerplan.skills.wizard.wizard import build_wizard
from tests.factories.skills import NOW

LEVELS = st.none() | st.integers(0, 5)


def group(pk: int, kind: str) -> SkillGroup:
    return SkillGroup(pk=pk, key=f"group-{pk}", name=f"Group {pk}", kind=kind, position=pk)


WORK, PEOPLE = group(1, "work"), group(2, "people")


def skills(count: int, of: SkillGroup, first: int) -> list[Skill]:
    return [Skill(pk=first + n, name=f"Skill {first + n}", group=of, kind=of.kind) for n in range(count)]


def wizard_of(
    rated: dict[int, int | None] | None = None, *, asked=None, mode="full", education=None, liked=None, **fields
):
    """A wizard over rows that are in memory only; `rated`: levels by skill id; `liked`: likings by activity, by default
    those of somebody who passed all pages without an answer.
    """
    draft = Assessment(mode=mode, started_at=NOW, **fields)
    asked = skills(3, WORK, 1) + skills(2, PEOPLE, 11) if asked is None else asked
    by_id = {skill.pk: skill for skill in asked}
    ratings = {pk: Rating(skill=by_id[pk], level=level, confirmed_at=NOW) for pk, level in (rated or {}).items()}
    liked = dict.fromkeys(activities()) if liked is None else liked
    answers = {key: InterestAnswer(activity=key, liking=liking, confirmed_at=NOW) for key, liking in liked.items()}
    return build_wizard(Answers(draft, tuple(asked), ratings, education, interests=answers))


ANSWERED = {"career_stage": "starting", "target_role": "Baker", "target_unlisted": True}
EDUCATED = Education(level="secondary", enough="unsure")
ALL_RATED = {1: 4, 2: 0, 3: None, 11: 3, 12: 2}


def test_nine_stages_are_in_order():
    stages = wizard_of().stages(wizard_of().pages[0])
    assert [str(row.stage.label) for row in stages] == [
        "Where you are",
        "Where you want to be",
        "Education and training",
        "What you like",
        "Work skills",
        "People skills",
        "Strengths and weaknesses",
        "Skills to learn",
        "Check your answers",
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ({}, "where-you-are"),
        ({"career_stage": "starting"}, "where-you-want-to-be"),
        ({"career_stage": "starting", "target_undecided": True}, "education"),
        ({**ANSWERED, "education": Education(level="secondary")}, "education"),
        ({**ANSWERED, "education": EDUCATED, "liked": {}}, "what-you-like"),
        ({**ANSWERED, "education": EDUCATED, "liked": dict.fromkeys(list(activities())[:-1], 3)}, "what-you-like-3"),
        ({**ANSWERED, "education": EDUCATED}, "work-group-1"),
        ({**ANSWERED, "education": EDUCATED, "rated": {1: 3, 2: None}}, "work-group-1"),
        ({**ANSWERED, "education": EDUCATED, "rated": {1: 3, 2: None, 3: 0}}, "people-group-2"),
        ({**ANSWERED, "education": EDUCATED, "rated": ALL_RATED}, "strengths"),
        ({"target_role": "Baker", "target_unlisted": True, "education": EDUCATED, "rated": ALL_RATED}, "where-you-are"),
    ],
)
def test_assessment_continues_at_the_first_unanswered_page(rows, expected):
    assert wizard_of(**rows).first_unanswered.key == expected


def sort_all(wizard) -> None:
    for rating in wizard.answers.levels:
        rating.category = "neither"


def test_after_sorting_come_the_skills_to_learn_and_then_the_check():
    wizard = wizard_of(ALL_RATED, education=EDUCATED, **ANSWERED)
    sort_all(wizard)
    assert wizard.first_unanswered.kind is PageKind.LEARN
    for rating in wizard.answers.ratings.values():
        rating.wants_to_learn = False
    wizard = build_wizard(wizard.answers)
    assert (wizard.first_unanswered.kind, wizard.is_complete) == (PageKind.CHECK, True)


def test_a_rating_from_before_this_assessment_is_no_answer():
    wizard = wizard_of(ALL_RATED, education=EDUCATED, **ANSWERED)
    wizard.answers.ratings[1].confirmed_at = NOW - timedelta(seconds=1)
    assert wizard.first_unanswered.key == "work-group-1"


@given(rated=st.dictionaries(st.sampled_from(sorted(ALL_RATED)), LEVELS))
def test_more_answers_never_take_progress_back(rated):
    before = wizard_of(education=EDUCATED, **ANSWERED)
    wizard = wizard_of(rated, education=EDUCATED, **ANSWERED)
    work, people = wizard.pages[6:8]
    assert wizard.is_answered(work) == ({1, 2, 3} <= set(rated))
    assert wizard.is_answered(people) == ({11, 12} <= set(rated))
    assert before.percent <= wizard.percent < 100
    assert wizard.minutes_left >= 1


@given(count=st.integers(1, 60), mode=st.sampled_from(["quick", "full"]))
def test_no_page_has_more_than_seven_skills_and_none_is_left_out(count, mode):
    asked = skills(count, WORK, 1) + skills(count // 2, PEOPLE, 100)
    wizard = wizard_of(asked=asked, mode=mode)
    shown = [skill.pk for page in wizard.pages for skill in page.skills]
    assert sorted(shown) == sorted(skill.pk for skill in asked)
    assert max(len(page.skills) for page in wizard.pages) <= MOST_SKILLS
    assert len({page.key for page in wizard.pages}) == len(wizard.pages)


@pytest.mark.parametrize(("limited", "added"), [(3, 0), (3, 5), (0, 5), (5, 5), (1, 12), (6, 5)])
def test_a_retake_of_a_few_skills_has_a_page_for_all_that_are_asked(limited, added):
    first, more = skills(limited, WORK, 51), skills(added, PEOPLE, 11)
    limits = {"limited_to": [skill.pk for skill in first], "also_asked": [skill.pk for skill in more]}
    wizard = wizard_of(asked=[*more, *first], mode="quick", **limits)
    pages = [page.skills for page in wizard.pages if page.kind is PageKind.RATINGS]
    assert sorted(skill.pk for page in pages for skill in page) == sorted(skill.pk for skill in [*first, *more])
    assert all(page and len(page) <= MOST_SKILLS for page in pages)
    assert set(pages[0][:1]) <= set(first or more)


def test_back_and_forth_lead_through_every_page():
    wizard = wizard_of()
    there = [wizard.pages[0]]
    while wizard.after(there[-1]) is not there[-1]:
        there.append(wizard.after(there[-1]))
    back = [there[-1]]
    while wizard.before(back[-1]) is not back[-1]:
        back.append(wizard.before(back[-1]))
    assert there == back[::-1] == list(wizard.pages)


def test_a_stage_is_done_when_all_its_pages_are():
    asked = skills(9, WORK, 1)
    wizard = wizard_of(dict.fromkeys(range(1, 8), 3), asked=asked)
    page = wizard.page("work-group-1-2")
    row = next(row for row in wizard.stages(page) if row.stage == WizardStage.WORK_SKILLS)
    assert (row.is_answered, row.is_current, row.page_key) == (False, True, "work-group-1")
    assert wizard.place_in_stage(page) == (2, 2)


def test_quick_mode_asks_the_core_skills_and_own_ones_it_rates():
    core, other = Skill(pk=1, is_core=True), Skill(pk=2)
    mine, unrated = Skill(pk=3, owner_id=7), Skill(pk=4, owner_id=7)
    visible = [core, other, mine, unrated]
    assert asked_skills(Assessment(mode="quick"), visible, [2, 3]) == (core, mine)
    assert asked_skills(Assessment(mode="full"), visible, []) == (core, other, mine, unrated)
    assert asked_skills(Assessment(mode="full", limited_to=[2, 4]), visible, []) == (other, unrated)


def need(level: int, importance: float = 3.0) -> SkillNeed:
    return SkillNeed(1, level, Decimal(str(importance)))


def test_quick_mode_asks_what_matters_most_for_the_target():
    visible = skills(20, WORK, 1) + skills(10, PEOPLE, 101)
    needs = {skill.pk: need(skill.pk % 6, 4) for skill in visible[:20]} | {101: need(1), 102: need(2), 103: need(1)}
    asked = [skill.pk for skill in asked_skills(Assessment(mode="quick"), visible, [], needs)]
    # 5 and 4 by weight, and one 3; the three people skills are kept although all weigh less.
    assert asked == [3, 4, 5, 10, 11, 16, 17, 101, 102, 103]


@given(
    needs=st.dictionaries(st.integers(1, 30), st.tuples(st.integers(0, 5), st.floats(1, 5)), max_size=30),
    core=st.sets(st.integers(1, 30), min_size=10, max_size=10),
)
def test_quick_mode_always_asks_ten(needs, core):
    visible = skills(20, WORK, 1) + skills(10, PEOPLE, 21)
    for skill in visible:
        skill.is_core = skill.pk in core
    chosen = select_quick_skills(visible, {pk: need(*one) for pk, one in needs.items()})
    assert len(chosen) == 10
    if not any(level for level, _ in needs.values()):
        assert chosen == core


def test_pages_of_a_stage_are_about_equally_long():
    pages = [page for page in wizard_of(asked=skills(9, WORK, 1)).pages if page.kind is PageKind.RATINGS]
    assert [len(page.skills) for page in pages] == [4, 5]


def test_own_skills_have_a_page_among_the_work_skills():
    own = Skill(pk=50, name="Welding", owner_id=7)
    wizard = wizard_of(asked=[*skills(2, WORK, 1), own])
    page = wizard.page("own-skills")
    assert (page.stage, page.skills) == (WizardStage.WORK_SKILLS, (own,))


@pytest.mark.django_db
def test_offered_minutes_match_the_pages(user):
    """At 230 words a minute and 4 s a rating; test_time.py reads the real pages."""
    load_skills(groups=read_skills())
    found = {offer.key: offer for offer in assessment_options(user, NOW)}
    assert (found["quick"].skills, found["full"].skills) == (10, 78)
    assert (found["quick"].minutes, found["full"].minutes) == (6, 25)


@pytest.mark.parametrize(
    ("level", "category"),
    [(0, "neither"), (1, "neither"), (2, "neither"), (3, "neither"), (4, "strength"), (5, "strength")],
)
def test_suggested_category_for_each_level(level, category):
    assert suggest_category(level) == category


@pytest.mark.parametrize(
    ("level", "category", "expected"),
    [(2, "neither", False), (3, "neither", False), (5, "weakness", True), (None, "", False)],
)
def test_order_of_skills_to_learn(level, category, expected):
    assert suggest_learning(level, category) == expected


@pytest.mark.parametrize(
    ("level", "needed", "importance", "category", "learn"),
    [
        (4, 4, 3, "strength", False),
        (4, 5, 3, "neither", True),
        (5, 1, 2, "neither", False),
        (2, 4, 3, "weakness", True),
        (3, 4, 3, "neither", True),
        (0, 1, 3, "neither", True),
        (0, 4, 2, "neither", False),
        # The same rule as in the results: important is 3 or more, and level 0 is no need.
        (0, 4, 2.99, "neither", False),
        (5, 0, 5, "neither", False),
        (0, 1, 5, "neither", True),
    ],
)
def test_the_targets_need_and_importance_join_in(level, needed, importance, category, learn):
    assert suggest_category(level, need(needed, importance)) == category
    assert suggest_learning(level, category, need(needed, importance)) == learn


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], ""),
        (["Managing money"], "Managing money"),
        (["Reading", "HTML"], "Reading, HTML"),
        (["A", "B", "C", "D", "E"], "A, B, C and 2 more"),
    ],
)
def test_a_list_of_names_ends_with_the_number_left_out(names, expected):
    assert list_names(names) == expected
