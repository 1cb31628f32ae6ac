"""Pages of the audit log, with the addresses that the accounts have now."""

from dataclasses import dataclass

from accounts.models import User
from careerplan.operators.models import AuditEntry

ON_A_PAGE = 50


@dataclass(frozen=True)
class AuditPage:
    """A page of the log, the newest first, and where the next one begins."""

    rows: list[tuple[AuditEntry, User | None]]
    next_before: int | None


def list_entries(*, person: int | None, before: int | None) -> AuditPage:
    """Return a page of entries, of one account if its number is given. Two queries."""
    entries = AuditEntry.objects.order_by("-pk")
    if person is not None:
        entries = entries.filter(person_id=person)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    found = list(entries[: ON_A_PAGE + 1])
    shown = found[:ON_A_PAGE]
    people = User.objects.in_bulk({entry.person_id for entry in shown if entry.person_id})
    rows = [(entry, people.get(entry.person_id or 0)) for entry in shown]
    return AuditPage(rows, shown[-1].pk if len(found) > ON_A_PAGE else None)
