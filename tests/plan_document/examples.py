"""Documents that no database knows: built by hand, and by hypothesis."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from careerplan.plan_document.document import (
    Document,
    DocumentTimeline,
    DoneStepFacts,
    Fact,
    GoalChange,
    GoalFacts,
    OpenStepFacts,
    OpportunityFacts,
    ReviewFacts,
    SkillGapRow,
    SkillsSection,
    SkillStrength,
    cleaned,
)
from careerplan.planning.timeline import SHOWN_LANES, build_timeline

DAY = date(2027, 3, 9)
# What people and programs type; hyphens are left out, because reading them back from a PDF is a guess at a line's end.
LETTERS = "abcdefghijklmnopqrstuvwxyzABCXYZäöüßéçñøł0123456789βδλωжщюя.,;:!?()[]{}<>#$@\\\"'&*_`~=+|/% \n\x00\x07\u202e"


def make_goal(title="Lead 12 shifts", **changes) -> GoalFacts:
    """An open goal with nothing more than its title."""
    values = {
        "title": title,
        "when": "Due 30 Apr 2027",
        "starts_on": DAY - timedelta(days=30),
        "due_on": DAY + timedelta(days=52),
        "said": ("Professional, since 7 Feb 2027.", "Progress: 8 of 12 shifts.", "Status: Behind."),
        "pace": ("67% done", "77% of the time used"),
        "share_done": 67,
        "time_gone": 77,
        "open_days": (DAY,),
    }
    return GoalFacts(**{**values, **changes})


def make_step(title="Ask for two late shifts", **changes) -> OpenStepFacts:
    """A step to do."""
    return OpenStepFacts(
        **{"due_on": DAY, "title": title, "note": "Late", "details": "", "needs": ("8 hours",), **changes}
    )


def make_document(*goals: GoalFacts, **changes) -> Document:
    """A document with these goals and their picture."""
    values = {"title": "Ward manager", "author": "Ruth Adeyemi", "as_of": DAY, "is_past": False}
    values["head"] = "Career action plan of Ruth Adeyemi. Started 7 Sep 2026; as of 9 Mar 2027."
    document = cleaned(Document(**{**values, "goals": goals, **changes}))
    if not document.goals:
        return document
    return replace(
        document, timeline=DocumentTimeline(build_timeline(document.goals[:SHOWN_LANES], DAY, count=len(goals)), "")
    )


def long_document(goals: int, steps: int) -> Document:
    """So many goals with so many steps each, a third of them done, with everything about them."""
    open_steps = tuple(make_step(f"Step {n}: ask for late shifts", details="Two.") for n in range(steps - steps // 3))
    done = tuple(
        DoneStepFacts(DAY, f"Done {n}", "4 of 5, mostly", "6 hours", "Yes", "Less.") for n in range(steps // 3)
    )
    why = (Fact("Why", ("Because I want to be heard.",), is_own=True),)
    return make_document(
        *(make_goal(f"Goal {n}: lead shifts", own=why, steps=open_steps, done=done) for n in range(goals))
    )


texts = st.text(LETTERS, min_size=1, max_size=60).filter(lambda text: text.strip(" \n\x00\x07\u202e"))
maybe = st.one_of(st.just(""), texts)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
# Labels are ours: words that their narrow column holds.
labels = st.sampled_from(["Why", "Fit with the vision", "Skills it builds", "Got in the way", "Why <b> #not?"])
# So are the words of a rating: worth, hours, and whether to do it again.
ratings = [
    st.sampled_from(["Not rated", "4 of 5, mostly"]),
    st.sampled_from(["", "6 hours", "1,234.5 hours"]),
    st.sampled_from(["", "Yes", "Yes, but differently", "No"]),
]
some_facts = st.lists(
    st.builds(Fact, labels, st.lists(texts, min_size=1, max_size=3).map(tuple), st.booleans()), max_size=2
).map(tuple)
skills_sections = st.builds(
    SkillsSection,
    assessed=texts,
    strengths=st.lists(st.builds(SkillStrength, texts, maybe), max_size=2).map(tuple),
    gaps=st.lists(st.builds(SkillGapRow, texts, st.integers(0, 2), st.integers(3, 5), texts, texts), max_size=2).map(
        tuple
    ),
    more=some_facts,
)
goals = st.builds(
    make_goal,
    texts,
    when=texts,
    said=st.lists(texts, min_size=1, max_size=3).map(tuple),
    pace=st.sampled_from([(), ("67% done", "77% of the time used")]),
    own=some_facts,
    steps=st.lists(
        st.builds(OpenStepFacts, st.none() | days, texts, maybe, maybe, st.lists(texts, max_size=2).map(tuple), maybe),
        max_size=3,
    ).map(tuple),
    done=st.lists(st.builds(DoneStepFacts, days, texts, *ratings, maybe), max_size=2).map(tuple),
    changes=st.lists(st.builds(GoalChange, days, texts, texts, maybe), max_size=2).map(tuple),
)
documents = st.builds(
    lambda open_goals, **values: make_document(*open_goals, **values),
    st.lists(goals, max_size=3),
    title=texts,
    author=texts,
    head=texts,
    vision=maybe,
    closing_notes=maybe,
    direction=some_facts,
    skills=st.one_of(st.none(), skills_sections),
    closed=st.lists(goals, max_size=1).map(tuple),
    opportunities=st.lists(
        st.builds(OpportunityFacts, texts, maybe, st.lists(texts, max_size=2).map(tuple), some_facts), max_size=2
    ).map(tuple),
    reviews=st.lists(st.builds(ReviewFacts, days, texts, some_facts), max_size=1).map(tuple),
    next_review=maybe,
)
