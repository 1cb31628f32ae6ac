"""Advice on titles: silent where an outcome can be seen or counted, gentle and to the point where it cannot."""

from datetime import date
from decimal import Decimal

import pytest

from careerplan.goals.title_advice import GoalDraft, check_title
from tests.each import each

FINE = [
    "Lead 12 shifts as nurse in charge",
    "Speak to 100 people without notes",
    "Pass the certificate in healthcare leadership",
    "Get from basic to advanced at speaking to groups",
    "Become a ward manager",
    "Publish one paper in a journal",
    "Learn the basics of negotiating",
    "Stay an expert at planning rosters",
    "Improve my typing from 40 to 60 words a minute",
    "Increase sales in my region by 10 %",
    "Run a marathon",
    "Get promoted",
    "Quit smoking",
    "Earn the B2 certificate in German",
    "Finish my degree in health and social care",
    "Write the staffing plan for the new ward",
    "Read and summarise five papers on staffing",
    "Speak and write German at work",
    "Hold the first-aid licence",
    "Save 5,000 euros for a sabbatical",
    "Find a mentor outside my hospital",
    "Open a café in my street",
    "Apply for the post of head nurse",
    "May be heard by the board: give three talks",
    "March with the union twice a year",
]
DIRECTION, TOPIC, HOW_MANY, SEVERAL = "is a direction", "is a topic", "How many", "more than 1 goal"
HINTED = [
    ("Get better at handling conflict on the ward", DIRECTION),
    ("Improve my English", DIRECTION),
    ("improve communication", DIRECTION),
    ("Learn more about budgets", DIRECTION),
    ("Become more confident", DIRECTION),
    ("Become better at presenting", DIRECTION),
    ("Be more organised", DIRECTION),
    ("Work on my time management", DIRECTION),
    ("Develop leadership skills", DIRECTION),
    ("Try to network", DIRECTION),
    ("Explore other careers", DIRECTION),
    ("Grow as a leader", DIRECTION),
    ("Strengthen my position", DIRECTION),
    ("Gain more experience in paediatrics", DIRECTION),
    ("More confidence in meetings", DIRECTION),
    ("Better work-life balance", DIRECTION),
    ("Less overtime", DIRECTION),
    ("Leadership", TOPIC),
    ("Career growth", TOPIC),
    ("Read many books on staffing", HOW_MANY),
    ("Exercise regularly after work", HOW_MANY),
    ("Lead shifts", HOW_MANY),
    ("Write articles", HOW_MANY),
    ("Learn Python and get a certificate", SEVERAL),
    ("Pass the exam; find a new flat", SEVERAL),
    ("Finish my thesis as well as publish two papers", SEVERAL),
    ("Reduce my hours and start a business", SEVERAL),
]


@each("title", FINE)
def test_measurable_title_gets_no_hint(title):
    assert check_title(GoalDraft(title=title)).hints == []


@each("title, hint", HINTED)
def test_vague_title_gets_a_hint(title, hint):
    assert any(hint in found for found in check_title(GoalDraft(title=title)).hints)


@each(
    "title, due_on, stated",
    [
        ("Pass the exam by June 2027", date(2027, 6, 30), ""),
        ("Pass the exam by June 2027", date(2027, 5, 31), ""),
        ("Pass the exam by June 2027", date(2027, 8, 1), "by June 2027"),
        ("Pass the exam by June", date(2027, 6, 12), ""),
        ("Pass the exam by the end of June", date(2027, 9, 1), "by the end of June"),
        ("Pass the exam on 12 June 2027", date(2027, 6, 12), ""),
        ("Pass the exam on 12 June 2027", date(2027, 6, 13), "12 June 2027"),
        ("Pass the exam on June 12, 2027", date(2027, 6, 13), "June 12, 2027"),
        ("Pass the exam by 2027-06-12", date(2027, 6, 13), "2027-06-12"),
        ("Pass the exam before June", date(2027, 2, 1), ""),
        ("Pass the exam before June 2027", date(2027, 7, 1), "before June 2027"),
        ("Move to Leeds by 2028", date(2027, 12, 31), ""),
        ("Move to Leeds by 2028", date(2029, 1, 1), "by 2028"),
        ("Move to Leeds in Q3 2027", date(2027, 8, 1), ""),
        ("Move to Leeds in Q3 2027", date(2027, 12, 1), "in Q3 2027"),
        ("Serve 2027 meals", date(2030, 1, 1), ""),
        ("Pass the exam on 31 June 2027", date(2027, 1, 1), ""),
        ("March with the union twice", date(2027, 9, 1), ""),
        ("Pass the exam by June 2027", None, ""),
    ],
)
def test_date_in_the_title_is_compared_with_the_due_date(title, due_on, stated):
    hints = check_title(GoalDraft(title=title, due_on=due_on)).hints
    assert hints == ([f"“{stated}” and the due date do not match. Which one is right?"] if stated else [])


def test_measure_gives_an_example():
    outcome = GoalDraft(
        title="Get better at handling conflict on the ward",
        unit="agreements",
        start_value=Decimal("0.00"),
        target_value=Decimal("4.00"),
    )
    example = check_title(outcome).example
    assert example == "Handling conflict on the ward: from 0 to 4 agreements"
    assert check_title(GoalDraft(title=example, unit="agreements")).hints == []


@pytest.mark.parametrize("known", [{}, {"unit": "talks"}, {"unit": "talks", "target_value": Decimal(4)}])
def test_incomplete_measure_gives_no_example(known):
    assert check_title(GoalDraft(title="Get better at talking", **known)).example == ""


def test_measure_of_the_goal_answers_how_many():
    assert check_title(GoalDraft(title="Lead shifts", unit="shifts", target_value=Decimal(12))).hints == []
    assert check_title(GoalDraft(title="Leadership", done_when="I lead the ward")).hints == []


def test_unsupported_language_gets_no_advice():
    assert check_title(GoalDraft(title="Improve my English"), language="fr").hints == []
    assert check_title(GoalDraft(title="Improve my English"), language="en-gb").hints != []
