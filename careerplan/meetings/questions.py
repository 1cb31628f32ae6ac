"""Three questions for a meeting, which follow from what changed, what is behind and where two people differ. Pure.

They are the owner's questions to the mentor, from 20 patterns. Only what the mentor sees goes into them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.sentences import join_list
from careerplan.goals.pace import Pace
from careerplan.mentoring.mentor.queries import MentorGoal, MentorStep
from careerplan.second_opinion.mentor.queries import ShownDifference

QUESTIONS = 3
FAR_APART = 2  # levels
LONG_LATE, VERY_LATE = 8, 30  # days
SEVERAL_LATE = 3
SOON = 60  # days


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What questions follow from. `moved` are ids of goals in which something moved since both met."""

    owner: str
    mentor: str
    today: date
    goals: Sequence[MentorGoal]
    differences: Sequence[ShownDifference] = ()
    moved: frozenset[int] = frozenset()
    has_met: bool = False


@dataclass(frozen=True, slots=True)
class MeetingQuestion:
    """A question with the reason for it. Lower ranks come first; one question about each `about`."""

    rank: int
    about: str
    text: str
    why: str


def choose_questions(facts: MeetingFacts) -> list[MeetingQuestion]:
    """Choose three questions: at most one about each thing, and at most two of the same kind."""
    found = sorted([*_of_differences(facts), *_of_goals(facts), *_general(facts)], key=lambda one: one.rank)
    chosen: list[MeetingQuestion] = []
    for one in found:
        same_kind = sum(other.rank == one.rank for other in chosen)
        if one.about not in {other.about for other in chosen} and same_kind < QUESTIONS - 1:
            chosen.append(one)
    return chosen[:QUESTIONS]


def _of_differences(facts: MeetingFacts) -> Iterator[MeetingQuestion]:
    for one in facts.differences:
        values = {"skill": one.name, "own": one.own_example, "theirs": one.their_example}
        is_far, is_higher = abs(one.own - one.theirs) >= FAR_APART, one.theirs > one.own
        if is_far and is_higher:
            text = _("What made you answer “%(theirs)s”?")
        elif is_far:
            text = _("What would I have to show before you agree with “%(own)s”?")
        elif is_higher:
            text = _("Where did you see me do more in %(skill)s than I see myself?")
        else:
            text = _("What is the one thing I could do better in %(skill)s?")
        levels = {"owner": facts.owner, "own": one.own, "mentor": facts.mentor, "theirs": one.theirs}
        why = _("%(owner)s says %(own)s, %(mentor)s says %(theirs)s.") % levels
        yield MeetingQuestion(10 if is_far else 40, f"skill {one.name}", text % values, why)


def _of_goals(facts: MeetingFacts) -> Iterator[MeetingQuestion]:
    for goal in facts.goals:
        about = f"goal {goal.id}"
        if not goal.is_active:
            yield from _of_closed(goal, about, facts)
            continue
        late = [step for step in goal.open_steps if step.is_late]
        yield from _of_late(goal, late, about, facts.today)
        yield from _of_pace(goal, about, facts)
        if not goal.open_steps:
            text = _("What is my next step for “%(goal)s”?") % {"goal": goal.title}
            yield MeetingQuestion(35, about, text, _("This goal has no open steps."))
        elif all(step.due_on is None for step in goal.open_steps):
            text = _("When could I do “%(step)s”?") % {"step": goal.open_steps[0].title}
            yield MeetingQuestion(50, about, text, _("The step has no date."))
        if goal.id in facts.moved and goal.pace is Pace.ON_TRACK:
            yield from _of_moved(goal, about)


def _of_late(goal: MentorGoal, late: list[MentorStep], about: str, today: date) -> Iterator[MeetingQuestion]:
    if len(late) >= SEVERAL_LATE:
        text = ngettext(
            "Which of these %(n)s late steps matters most for “%(goal)s”?",
            "Which of these %(n)s late steps matters most for “%(goal)s”?",
            len(late),
        )
        names = join_list(step.title for step in late[:SEVERAL_LATE])
        yield MeetingQuestion(15, about, text % {"n": len(late), "goal": goal.title}, names)
    for step in late:
        if step.due_on is None:
            continue
        days = (today - step.due_on).days
        if days >= VERY_LATE:
            text = _("Should I let this step go: “%(step)s”?")
        elif days >= LONG_LATE:
            text = _("How could I make “%(step)s” smaller?")
        else:
            text = _("Who or what could help me finish “%(step)s” this week?")
        why = ngettext("The step is %(n)s day late.", "The step is %(n)s days late.", days) % {"n": days}
        yield MeetingQuestion(20, about, text % {"step": step.title}, why)


def _of_pace(goal: MentorGoal, about: str, facts: MeetingFacts) -> Iterator[MeetingQuestion]:
    values = {"goal": goal.title, "day": date_format(goal.due_on, "j M Y")}
    why = _("%(done)s%% done with %(gone)s%% of the time gone.") % {"done": goal.share_done, "gone": goal.time_gone}
    if goal.pace is Pace.BEHIND and goal.due_on < facts.today:
        text = _("Should I set a new date for “%(goal)s”, or let it go?") % values
        yield MeetingQuestion(12, about, text, _("It was due on %(day)s.") % values)
    elif goal.pace is Pace.BEHIND and (goal.due_on - facts.today).days <= SOON:
        yield MeetingQuestion(18, about, _("What can I still do for “%(goal)s” before %(day)s?") % values, why)
    elif goal.pace is Pace.BEHIND:
        yield MeetingQuestion(22, about, _("What is in the way of “%(goal)s”?") % values, why)
    elif goal.pace is Pace.SLIPPING:
        yield MeetingQuestion(30, about, _("What would bring “%(goal)s” back on track this month?") % values, why)
    if facts.has_met and goal.id not in facts.moved:
        text = _("What kept “%(goal)s” still since we met?") % values
        yield MeetingQuestion(45, about, text, _("Nothing has moved in this goal since then."))


def _of_moved(goal: MentorGoal, about: str) -> Iterator[MeetingQuestion]:
    if goal.done_steps:
        text = _("What should I take from “%(step)s” into the next step?") % {"step": goal.done_steps[-1].title}
        yield MeetingQuestion(60, about, text, _("You have seen me do it."))
    text = _("What is working for “%(goal)s”, and how do I keep it up?") % {"goal": goal.title}
    yield MeetingQuestion(65, about, text, goal.progress)


def _of_closed(goal: MentorGoal, about: str, facts: MeetingFacts) -> Iterator[MeetingQuestion]:
    if goal.id in facts.moved:
        text = _("What did reaching “%(goal)s” show you about me?") % {"goal": goal.title}
        yield MeetingQuestion(55, about, text, goal.pace_words)


def _general(facts: MeetingFacts) -> Iterable[MeetingQuestion]:
    """Questions that always can be asked, for plans in which little else follows."""
    active = [goal for goal in facts.goals if goal.is_active]
    if not facts.has_met:
        yield MeetingQuestion(
            70,
            "plan",
            _("What is missing from this plan, as far as you see it?"),
            _("You see this plan for the first time."),
        )
    if len(active) > 1:
        text = _("Which of these goals would you put first?")
        why = ngettext("You see %(n)s open goal.", "You see %(n)s open goals.", len(active)) % {"n": len(active)}
        yield MeetingQuestion(75, "goals", text, why)
    yield MeetingQuestion(
        80, "people", _("Who else should I talk to about this?"), _("People you know are not in my plan.")
    )
    yield MeetingQuestion(85, "place", _("What would you do first in my place?"), _("No plan shows everything."))
    yield MeetingQuestion(
        90, "next", _("What would you like to see done when we next meet?"), _("It helps me to start.")
    )
