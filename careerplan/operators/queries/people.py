"""The list of people: found by address or name, with what needs an operator. Never a text of a plan."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from careerplan.core.text import printable
from careerplan.reminders.models import RefusedAddress

ON_A_PAGE = 50
INACTIVE_AFTER = timedelta(days=365)
QUERY_LENGTH = 254


class Filter(StrEnum):
    """Which people the list shows."""

    ALL = ""
    UNCONFIRMED = "unconfirmed"
    NO_EMAILS = "no-emails"
    BLOCKED = "blocked"
    DELETING = "deleting"
    INACTIVE = "inactive"
    OPERATORS = "operators"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list."""

    pk: int
    name: str
    email: str
    seen_at: datetime | None
    state: str
    """blocked, deleting, unconfirmed, no_emails or ok"""


@dataclass(frozen=True)
class PeoplePage:
    """A page of the list, how many people each filter has, and where the next page begins."""

    rows: list[PersonRow]
    counts: dict[str, int]
    next_before: int | None


def with_state(now: datetime) -> QuerySet[User]:
    """Return all accounts with what the list says about them."""
    own = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=True)
    refused = RefusedAddress.objects.filter(user=OuterRef("pk"), address=OuterRef("email"), stopped_at__isnull=False)
    return User.objects.annotate(
        is_confirmed=Exists(own),
        is_refused=Exists(refused),
        seen_at=Coalesce("activity__seen_at", "last_login"),
        since=Coalesce("activity__seen_at", "last_login", "date_joined"),
    )


def condition(chosen: Filter, now: datetime) -> Q:
    """Return the condition of a filter on `with_state`."""
    return {
        Filter.ALL: Q(),
        Filter.UNCONFIRMED: Q(is_confirmed=False),
        Filter.NO_EMAILS: Q(is_refused=True),
        Filter.BLOCKED: Q(is_active=False),
        Filter.DELETING: Q(deletion_due_at__isnull=False),
        Filter.INACTIVE: Q(since__lt=now - INACTIVE_AFTER),
        Filter.OPERATORS: Q(is_staff=True),
    }[chosen]


def find_people(*, query: str, chosen: Filter, before: int | None, now: datetime) -> PeoplePage:
    """Return the people whose address or name contains `query`, the newest accounts first. Two queries."""
    people = with_state(now)
    counts = people.aggregate(**{f"n_{one.name}": Count("pk", filter=condition(one, now)) for one in Filter})
    found = people.filter(condition(chosen, now)).order_by("-pk")
    if query := printable(query).strip()[:QUERY_LENGTH]:
        found = found.filter(Q(email__icontains=query) | Q(name__icontains=query))
    if before is not None:
        found = found.filter(pk__lt=before)
    columns = ("pk", "name", "email", "is_active", "deletion_due_at")
    rows = list(found.values(*columns, "is_confirmed", "is_refused", "seen_at")[: ON_A_PAGE + 1])
    shown = [PersonRow(row["pk"], row["name"], row["email"], row["seen_at"], _state(row)) for row in rows[:ON_A_PAGE]]
    more = shown[-1].pk if len(rows) > ON_A_PAGE else None
    return PeoplePage(shown, {str(one): counts[f"n_{one.name}"] for one in Filter}, more)


def _state(row: dict[str, object]) -> str:
    if not row["is_active"]:
        return "blocked"
    if row["deletion_due_at"]:
        return "deleting"
    if not row["is_confirmed"]:
        return "unconfirmed"
    return "no_emails" if row["is_refused"] else "ok"


def inactive_since(before: datetime) -> QuerySet[User]:
    """Return people who were last active before a moment. Operators and blocked people do not count."""
    since = Coalesce("activity__seen_at", F("last_login"), F("date_joined"))
    active = User.objects.filter(is_staff=False, is_active=True, deletion_due_at=None)
    return active.annotate(since=since).filter(since__lt=before)
