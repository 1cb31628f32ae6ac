"""Three questions follow from what both people see. Pure."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from careerplan.goals.pace import Pace
from careerplan.meetings.mentor.sheet import MOST_BEHIND, MOST_DIFFERENCES, MOST_MOVED, MeetingSheet, SheetMove
from careerplan.meetings.owner.pdf import render_sheet
from careerplan.meetings.questions import MeetingFacts, choose_questions
from careerplan.mentoring.mentor.queries import MentorGoal, MentorStep
from careerplan.second_opinion.mentor.queries import ShownDifference
from tests.plan_document.reading import pdf_pages

TODAY = date(2026, 12, 3)
STEP = MentorStep(1, "Rehearse", date(2026, 12, 20), "to_do", None, is_late=False)
DONE = MentorStep(2, "Present the audit", None, "done", TODAY, is_late=False)
GOAL = MentorGoal(
    1, "Speak to 100 people", "professional", "active", date(2026, 9, 1), date(2027, 3, 4), 29, 64,
    Pace.ON_TRACK, "On track", "29 of 100 people", "", (STEP,), (),
)  # fmt: skip
FACTS = MeetingFacts("Ruth", "Kwame", TODAY, [GOAL], has_met=True, moved=frozenset({1}))


def late(days):
    return replace(STEP, due_on=TODAY - timedelta(days=days), is_late=True)


def difference(own, theirs):
    return ShownDifference("Leading a team", own, theirs, f"I say {own}.", f"I say {theirs}.", "The lift.")


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        ({"differences": [difference(1, 3)]}, "What made you answer “I say 3.”?"),
        ({"differences": [difference(3, 1)]}, "What would I have to show before you agree with “I say 3.”?"),
        ({"differences": [difference(1, 2)]}, "Where did you see me do more in Leading a team than I see myself?"),
        ({"differences": [difference(2, 1)]}, "What is the one thing I could do better in Leading a team?"),
        ({"goals": [replace(GOAL, steps=(late(40),))]}, "Should I let this step go: “Rehearse”?"),
        ({"goals": [replace(GOAL, steps=(late(9),))]}, "How could I make “Rehearse” smaller?"),
        ({"goals": [replace(GOAL, steps=(late(2),))]}, "Who or what could help me finish “Rehearse” this week?"),
        (
            {"goals": [replace(GOAL, steps=(late(2), late(3), late(4)))]},
            "Which of these 3 late steps matters most for “Speak to 100 people”?",
        ),
        (
            {"goals": [replace(GOAL, pace=Pace.BEHIND, due_on=TODAY - timedelta(days=1))]},
            "Should I set a new date for “Speak to 100 people”, or let it go?",
        ),
        (
            {"goals": [replace(GOAL, pace=Pace.BEHIND, due_on=date(2027, 1, 4))]},
            "What can I still do for “Speak to 100 people” before 4 Jan 2027?",
        ),
        ({"goals": [replace(GOAL, pace=Pace.BEHIND)]}, "What is in the way of “Speak to 100 people”?"),
        (
            {"goals": [replace(GOAL, pace=Pace.SLIPPING)]},
            "What would bring “Speak to 100 people” back on track this month?",
        ),
        ({"moved": frozenset()}, "What kept “Speak to 100 people” still since we met?"),
        ({"goals": [replace(GOAL, steps=())]}, "What is my next step for “Speak to 100 people”?"),
        ({"goals": [replace(GOAL, steps=(replace(STEP, due_on=None),))]}, "When could I do “Rehearse”?"),
        (
            {"goals": [replace(GOAL, steps=(STEP, DONE))]},
            "What should I take from “Present the audit” into the next step?",
        ),
        ({}, "What is working for “Speak to 100 people”, and how do I keep it up?"),
        (
            {"goals": [replace(GOAL, state="reached", pace=None, pace_words="Reached")]},
            "What did reaching “Speak to 100 people” show you about me?",
        ),
        ({"goals": [], "has_met": False}, "What is missing from this plan, as far as you see it?"),
        ({"goals": [replace(GOAL, id=7), replace(GOAL, id=8)], "moved": frozenset({7, 8})}, "What is working for"),
    ],
)
def test_the_most_important_question_comes_first(changes, question):
    found = choose_questions(replace(FACTS, **changes))
    assert found[0].text.startswith(question)
    assert all(one.why for one in found)


def test_there_are_always_three_about_three_things():
    goals = [replace(GOAL, id=n, pace=Pace.BEHIND, steps=(late(40),)) for n in range(5)]
    for facts in (FACTS, replace(FACTS, goals=[]), replace(FACTS, goals=goals, differences=[difference(1, 3)] * 2)):
        found = choose_questions(facts)
        assert len({one.about for one in found}) == len(found) == 3


@pytest.mark.parametrize("letters", [80, 200])
def test_a_sheet_with_all_that_fits_into_its_lists_is_one_page_of_paper(letters):
    """With titles of 80 letters it is one page, with as long ones as can be typed two."""
    title = ("Speak to the people of the ward without notes " * 5)[:letters]
    behind = [replace(GOAL, id=n, title=title, pace=Pace.BEHIND, pace_words="Behind") for n in range(MOST_BEHIND)]
    questions = choose_questions(replace(FACTS, goals=behind, differences=(difference(1, 3), difference(2, 3))))
    sheet = MeetingSheet(
        "Ruth Adeyemi", "Ruth", "Kwame Osei", "Kwame", datetime(2026, 12, 3, 17, 30), TODAY, True, tuple(questions),
        tuple(SheetMove(n, f"{title}: from 20 to 35 people") for n in range(MOST_MOVED)), tuple(behind),
        (difference(1, 3),) * MOST_DIFFERENCES, (),
    )  # fmt: skip
    assert len(sheet.questions) == 3
    assert len(pdf_pages(render_sheet(sheet, today=TODAY))) == (1 if letters == 80 else 2)
