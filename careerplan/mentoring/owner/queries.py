"""What the owner sees about people: who sees what, when they looked, and what happened."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from careerplan.goals.models import Goal
from careerplan.mentoring.models import MentoringEmail, Mentorship, MentorVisit, SharedGoal, SharingChange
from careerplan.mentoring.models.mentorship import PARTS
from careerplan.plans.models import Plan

EARLIER_SHOWN, VISITS_SHOWN, CHANGES_SHOWN = 10, 20, 50


@dataclass(frozen=True, slots=True)
class SharingPerson:
    """A person who sees the plan or is invited."""

    mentorship: Mentorship
    called: str
    looked_at: datetime | None
    is_active: bool
    is_held: bool  # the invitation has not left yet

    @property
    def initials(self) -> str:
        """Return the first letters of the first and the last name."""
        words = self.mentorship.name.split()
        return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper()


@dataclass(frozen=True, slots=True)
class SharedPart:
    """A row of "Who sees what": a part of the plan, and for each person whether they see it."""

    label: str
    is_own_words: bool
    seen: list[bool]


@dataclass(frozen=True, slots=True)
class SharingPage:
    """Everything on the page People."""

    people: list[SharingPerson]
    parts: list[SharedPart]
    earlier: list[Mentorship]
    places: int

    @property
    def free(self) -> int:
        return self.places - len(self.people)

    @property
    def columns(self) -> int:
        """Return how many columns the table has."""
        return len(self.people) + 1


def load_people(user: User, now: datetime) -> SharingPage:
    """Load the page of all people. Six queries, however many goals there are."""
    rows = list(Mentorship.objects.for_user(user).open().select_related("owner").order_by("place"))
    looked = dict(
        MentorVisit.objects.filter(mentorship__in=rows).order_by("mentorship", "-last_at").distinct("mentorship")
        .values_list("mentorship", "last_at")
    )  # fmt: skip
    first = MentoringEmail.objects.filter(mentorship__in=rows, kind="invitation", occasion="1", sent_at=None)
    held = set(first.pending().filter(attempts=0).values_list("mentorship", flat=True))
    people = [
        SharingPerson(row, called, looked.get(row.pk), row.state == Mentorship.State.ACTIVE, row.pk in held)
        for row, called in zip(rows, _told_apart(rows), strict=True)
    ]
    earlier = Mentorship.objects.for_user(user).filter(state=Mentorship.State.ENDED).select_related("owner")
    return SharingPage(
        people, _parts(user, rows), list(earlier.order_by("-ended_at", "-id")[:EARLIER_SHOWN]), Mentorship.PLACES
    )


def _told_apart(people: Sequence[Mentorship]) -> list[str]:
    """Return first names, and whole names of those who have the same first name."""
    times = Counter(person.first_name for person in people)
    return [person.first_name if times[person.first_name] == 1 else person.display_name for person in people]


def _parts(user: User, rows: Sequence[Mentorship]) -> list[SharedPart]:
    if not rows:
        return []
    pairs = set(SharedGoal.objects.filter(mentorship__in=rows).values_list("goal", "mentorship"))
    shared = {goal for goal, _row in pairs}
    own = Goal.objects.for_user(user).filter(plan__state=Plan.State.ACTIVE).order_by("due_on", "id")
    goals = list(own.values_list("pk", "title", "state"))
    parts = [
        SharedPart(title, is_own_words=True, seen=[(pk, row.pk) in pairs for row in rows])
        for pk, title, _state in goals
        if pk in shared
    ]
    others = sum(pk not in shared and state == Goal.State.ACTIVE for pk, _title, state in goals)
    if others:
        words = ngettext("%(n)s other goal", "%(n)s other goals", others) if parts else _number_of_goals(others)
        parts.append(SharedPart(words % {"n": others}, is_own_words=False, seen=[False] * len(rows)))
    labels = {
        "shows_vision": _("Vision"),
        "shows_strengths": _("Strengths"),
        "shows_reviews": _("Summaries of reviews"),
    }
    return parts + [
        SharedPart(labels[part], is_own_words=False, seen=[getattr(row, part) for row in rows]) for part in PARTS
    ]


def _number_of_goals(count: int) -> str:
    return ngettext("%(n)s goal", "%(n)s goals", count)


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit of a mentor with the pages in words."""

    started_at: datetime
    places: list[str]


def list_visits(mentorship: Mentorship) -> list[VisitLine]:
    """List the newest visits, with the titles of the goals that were opened. Two queries."""
    visits = list(mentorship.visits.all()[:VISITS_SHOWN])
    ids = {int(place[5:]) for visit in visits for place in visit.places if place.startswith("goal-")}
    titles = dict(Goal.objects.for_user(mentorship.owner).filter(pk__in=ids).values_list("pk", "title"))
    return [VisitLine(visit.started_at, [_place(place, titles) for place in visit.places]) for visit in visits]


def _place(place: str, titles: dict[int, str]) -> str:
    kind, _dash, key = place.partition("-")
    if kind == "goal":
        return titles.get(int(key), _("deleted goal"))
    return {
        "plan": pgettext("page of a mentor", "whole plan"),
        "opinion": _("second opinion"),
        "review": _("review"),
        "meeting": _("meeting sheet"),
    }.get(kind, kind)


def count_visits(mentorship: Mentorship) -> int:
    """Count the visits of a mentor. One query."""
    return mentorship.visits.count()


def list_changes(mentorship: Mentorship) -> list[SharingChange]:
    """List what happened to a mentorship, newest first, at most CHANGES_SHOWN. One query."""
    return list(mentorship.changes.order_by("-happened_at", "-id")[:CHANGES_SHOWN])


def names_of_those_who_see(plan: Plan) -> list[str]:
    """Return the names, told apart, of those who see a goal of a plan, or are invited to. One query."""
    people = Mentorship.objects.open().filter(owner=plan.user_id, shared_goals__goal__plan=plan)
    return _told_apart(list(people.order_by("place").distinct()))
