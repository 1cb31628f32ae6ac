"""Search over everything of a plan: goals, steps, notes, opportunities and reviews, and the pages of the product."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from careerplan.goals.models import ActionStep, Evaluation, Goal, ProgressEntry
from careerplan.opportunities.models import Opportunity
from careerplan.plans.models import Plan
from careerplan.reviews.models import Review

MOST_FOUND = 10  # of a kind
LONGEST_SEARCH = 100  # characters
LONGEST_TITLE = 160
LONGEST_EXCERPT = 120
BEFORE_WORD = 40  # characters of an excerpt before the first word that was found
MOST_WORDS = 8

PAGES = (
    (gettext_lazy("Today"), "dashboard:today"),
    (gettext_lazy("Catch up"), "plans:catch-up"),
    (gettext_lazy("Goals"), "goals:list"),
    (gettext_lazy("Add a goal"), "goals:new"),
    (gettext_lazy("All steps"), "goals:steps"),
    (gettext_lazy("Add a step"), "goals:step-quick"),
    (gettext_lazy("What you need"), "goals:needed"),
    (gettext_lazy("What was worth it"), "goals:evaluations"),
    (gettext_lazy("Skills"), "skills:home"),
    (gettext_lazy("Results of your assessment"), "skills:results"),
    (gettext_lazy("Explore occupations"), "explore:index"),
    (gettext_lazy("Opportunities"), "opportunities:list"),
    (gettext_lazy("Add an opportunity"), "opportunities:new"),
    (gettext_lazy("Reviews"), "reviews:list"),
    (gettext_lazy("Plan"), "plans:plan"),
    (gettext_lazy("Pause your plan"), "plans:pause"),
    (gettext_lazy("History of your plan"), "plans:change-log"),
    (gettext_lazy("Your plan as a document"), "plan_document:own"),
    (gettext_lazy("Notifications"), "reminders:notifications"),
    (gettext_lazy("Reminder settings"), "reminders:settings"),
    (gettext_lazy("Calendar"), "calendar_feed:home"),
    (gettext_lazy("Export and import your data"), "account_data:home"),
    (gettext_lazy("Your name, time zone and appearance"), "accounts:settings"),
    (gettext_lazy("Password and sign-in"), "accounts:security"),
)


Parts = Sequence[tuple[str, bool]]
"""Pieces of a text, and whether each is a word that was searched."""


@dataclass(frozen=True)
class SearchHit:
    """Something that was found: its title, where it is, and what it belongs to.

    `title_parts`: the title, cut, with the words that were searched there. `where` names the
    field that has words that the title lacks, blank without any; `excerpt` is the text around them.
    """

    title: str
    url: str
    meta: str = ""
    is_open_step: bool = False
    title_parts: Parts = ()
    where: str = ""
    excerpt: Parts = ()


@dataclass(frozen=True)
class SearchGroup:
    """Hits of one kind. `all_url` lists all of them, where there may be more."""

    title: str
    hits: Sequence[SearchHit]
    all_url: str = ""


def search_everything(user: User, text: str) -> list[SearchGroup]:
    """Return what contains every word of a text, by kind, at most ten of each. Six queries, none without words."""
    words = text.replace("\0", "")[:LONGEST_SEARCH].split()[:MOST_WORDS]
    if not words:
        return []
    goals = Goal.objects.for_user(user).filter(plan__state=Plan.State.ACTIVE)
    steps = ActionStep.objects.for_user(user).filter(goal__in=goals).select_related("goal")
    entries = ProgressEntry.objects.filter(goal__in=goals, removed_at__isnull=True).select_related("goal")
    ratings = Evaluation.objects.for_user(user).filter(step__goal__in=goals).select_related("step__goal")
    chances = Opportunity.objects.for_user(user).filter(plan__state=Plan.State.ACTIVE)
    # The pages of a review that is not finished are those of the active plan.
    can_be_opened = Q(finished_at__isnull=False) | Q(plan__state=Plan.State.ACTIVE)
    reviews = Review.objects.for_user(user).filter(can_be_opened)
    notes = [
        *_found(entries.order_by("-measured_on"), words, ("note",), _entry_hit),
        *_found(ratings.order_by("-made_at"), words, ("learned",), _rating_hit),
    ]
    found_steps = _found(steps.order_by("due_on", "pk"), words, ("title", "details"), _step_hit)
    all_steps = reverse("goals:steps") if any(hit.is_open_step for hit in found_steps) else ""  # it lists open ones
    groups = [
        SearchGroup(_("Pages"), _pages(words)),
        SearchGroup(_("Goals"), _found(goals, words, ("title", "why", "done_when", "learned"), _goal_hit)),
        SearchGroup(_("Steps"), found_steps, all_steps),
        SearchGroup(_("Notes"), notes),
        SearchGroup(
            _("Opportunities"),
            _found(chances, words, ("title", "organisation", "summary", "pros", "cons"), _opportunity_hit),
        ),
        SearchGroup(_("Reviews"), _found(reviews.order_by("-due_on"), words, Review.QUESTIONS, _review_hit)),
    ]
    return [group for group in groups if group.hits]


def _found(
    rows: QuerySet[Any], words: Sequence[str], fields: Sequence[str], hit: Callable[[Any], SearchHit]
) -> list[SearchHit]:
    """Return the rows that have each word in one of the fields. One query."""
    for word in words:
        has_word = Q()
        for name in fields:
            has_word |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(has_word)
    return [_with_place(hit(row), row, words, fields) for row in rows[:MOST_FOUND]]


def _with_place(hit: SearchHit, row: Any, words: Sequence[str], fields: Sequence[str]) -> SearchHit:
    """Mark the words in the title, and show the first field with one of those that the title lacks.

    The title of a review is a date, and not searched.
    """
    texts = {name: " ".join(getattr(row, name).split()) for name in fields}
    is_searched = " ".join(hit.title.split()) in texts.values()
    hit = replace(hit, title_parts=_marked(hit.title, words if is_searched else (), LONGEST_TITLE))
    missing = [word for word in words if not (is_searched and _pattern([word]).search(hit.title))]
    name = next((name for name, text in texts.items() if missing and _pattern(missing).search(text)), None)
    if name is None:
        return hit
    label = capfirst(str(row._meta.get_field(name).verbose_name))
    where = label if label.endswith("?") else _("%(label)s:") % {"label": label}
    meta = "" if hit.meta == texts[name] else hit.meta
    return replace(hit, meta=meta, where=where, excerpt=_marked(texts[name], words, LONGEST_EXCERPT))


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds the words as the database does; the longer of two first."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)


def _marked(text: str, words: Sequence[str], length: int) -> Parts:
    """Cut a text around the first word that was searched, and divide it at these words."""
    if not words:
        return [(text, False)]
    pattern = _pattern(words)
    first = pattern.search(text)
    start = max(0, first.start() - BEFORE_WORD) if first and first.end() > length else 0
    start = text.find(" ", start) + 1 if start and first and " " in text[start : first.start()] else start
    shown = text[start : start + length]
    shown = f"{'… ' if start else ''}{shown}{'…' if start + length < len(text) else ''}"
    parts, at = [], 0
    for found in pattern.finditer(shown):
        parts += [(shown[at : found.start()], False), (found[0], True)]
        at = found.end()
    return [part for part in (*parts, (shown[at:], False)) if part[0]]


def _pages(words: Sequence[str]) -> list[SearchHit]:
    names = [(str(title), name) for title, name in PAGES]
    return [
        SearchHit(title, reverse(name), title_parts=_marked(title, words, LONGEST_TITLE))
        for title, name in names
        if all(word.casefold() in title.casefold() for word in words)
    ]


def _goal_hit(goal: Goal) -> SearchHit:
    return SearchHit(goal.title, goal.get_absolute_url(), str(goal.get_state_display()))


def _step_url(step: ActionStep) -> str:
    return f"{step.goal.get_absolute_url()}#step-{step.pk}"


def _step_hit(step: ActionStep) -> SearchHit:
    return SearchHit(step.title, _step_url(step), step.goal.title, step.is_open and step.goal.is_active)


def _entry_hit(entry: ProgressEntry) -> SearchHit:
    return SearchHit(entry.note, reverse("goals:progress", args=[entry.goal_id]), entry.goal.title)


def _rating_hit(rating: Evaluation) -> SearchHit:
    return SearchHit(rating.learned, _step_url(rating.step), rating.step.title)


def _opportunity_hit(opportunity: Opportunity) -> SearchHit:
    return SearchHit(opportunity.title, opportunity.get_absolute_url(), opportunity.organisation)


def _review_hit(review: Review) -> SearchHit:
    words = _("Review of %(day)s") % {"day": date_format(review.due_on, "j M Y")}
    return SearchHit(
        words, reverse("reviews:detail", args=[review.pk]) if review.finished_at else reverse("reviews:continue")
    )
