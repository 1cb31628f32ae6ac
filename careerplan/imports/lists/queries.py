"""The list on its way from the page that shows it to the import, and the goals that its items may go into."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core import signing

from accounts.models import User
from careerplan.account_data.file_kinds import FileKind
from careerplan.account_data.models import DataImport
from careerplan.goals.models import ActionStep, Goal
from careerplan.imports.content import LeftOut, normalize_name
from careerplan.imports.lists.table import ListRow, ListTable
from careerplan.imports.queries import PROPOSALS_LIFETIME, ProposalsExpired

SALT = "careerplan.list"


def sign_table(table: ListTable, user: User) -> str:
    """Return a table as a text for the page of its user."""
    values = {
        "kind": table.kind,
        "columns": table.columns,
        "rows": [[row.place, row.cells] for row in table.rows],
        "left_out": [asdict(one) for one in table.left_out],
        "has_columns": table.has_columns,
        "name": table.name,
        "checksum": table.checksum,
    }
    return signing.dumps(values, salt=_salt(user), compress=True)


def load_table(text: str, user: User) -> ListTable:
    """Return the table that `sign_table` made for this user within a day. Raises ProposalsExpired."""
    try:
        found: dict[str, Any] = signing.loads(text, salt=_salt(user), max_age=PROPOSALS_LIFETIME)
    except signing.BadSignature as error:
        raise ProposalsExpired from error
    return ListTable(
        kind=FileKind(found["kind"]),
        columns=found["columns"],
        rows=[ListRow(*row) for row in found["rows"]],
        left_out=[LeftOut(**one) for one in found["left_out"]],
        has_columns=found["has_columns"],
        name=found["name"],
        checksum=found["checksum"],
    )


def _salt(user: User) -> str:
    return f"{SALT}.{user.pk}"


@dataclass(frozen=True, slots=True)
class GoalsThere:
    """The user's active goals, by id, and the names of them and of their open steps, as names are compared."""

    goals: dict[int, Goal] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    def has(self, title: str) -> bool:
        """Return whether a goal or an open step has this title."""
        return normalize_name(title) in self.names

    def named(self, title: str) -> Goal | None:
        """Return the goal with this title, whatever its case and spaces; None if there is none."""
        wanted = normalize_name(title)
        return next((goal for goal in self.goals.values() if normalize_name(goal.title) == wanted), None)


def goals_there(user: User) -> GoalsThere:
    """Return what is there already. Two queries."""
    goals = {goal.pk: goal for goal in Goal.objects.for_user(user).active().filter(plan__archived_at=None)}
    steps = ActionStep.objects.filter(goal__in=goals).open().values_list("title", flat=True)
    titles: Iterable[str] = [*(goal.title for goal in goals.values()), *steps]
    return GoalsThere(goals, frozenset(map(normalize_name, titles)))


def earlier_import(user: User, checksum: str) -> DataImport | None:
    """Return the newest import of the same file that was not undone."""
    imports: Iterable[DataImport] = DataImport.objects.for_user(user).filter(checksum=checksum).order_by("-imported_at")
    return next(iter(imports), None)
