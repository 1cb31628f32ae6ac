"""Write everything in an account as one JSON file: a row at a time, so that memory does not grow with the account."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.db.models import Count, Value

from accounts.models import User
from careerplan.account_data.file_format import VERSION, write_datetime
from careerplan.account_data.schema import FORMAT
from careerplan.account_data.sections import SECTIONS, FileColumn, Section
from careerplan.catalogue.models import Occupation, Skill

FETCHED = 500  # rows read at once
Progress = Callable[[int], None]


@contextmanager
def snapshot_transaction() -> Iterator[None]:
    """Read everything inside from one snapshot of the database.

    In a transaction that is open already (as in tests), the snapshot is that of the transaction.
    """
    begun = connection.in_atomic_block
    with transaction.atomic():
        if not begun:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def count_rows(user: User) -> int:
    """Count the rows in the file of a user: one count per section, in one statement."""
    counts = " UNION ALL ".join(f"({sql})" for sql, _values in _counts(user))
    values = [value for _sql, parameters in _counts(user) for value in parameters]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sum(n)::bigint FROM ({counts}) AS c (n)", values)  # noqa: S608  (Django's own statements)
        return int(cursor.fetchone()[0])


def _counts(user: User) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for section in SECTIONS:
        rows = section.rows_of(user).order_by()
        counted = rows.annotate(one=Value(1)).values("one").annotate(n=Count("*")).values_list("n")
        yield counted.query.sql_with_params()


def write_export(user: User, out: BinaryIO, *, now: datetime, progress: Progress = lambda rows: None) -> int:
    """Write the file of a user; return the number of rows. `progress` is called with the rows written so far."""
    with snapshot_transaction():
        return Exporter(user, out, progress).write(now)


class Exporter:
    def __init__(self, user: User, out: BinaryIO, progress: Progress) -> None:
        self.user, self.out, self.progress = user, out, progress
        self.rows = 0
        self.skills = ExportedSkills(user)
        self.occupations = ExportedOccupations()
        self.goals: set[int] = set()  # a history may refer to a deleted one

    def write(self, now: datetime) -> int:
        user = User.objects.get(pk=self.user.pk)
        account = {
            "name": user.name,
            "email": user.email,
            "time_zone": user.time_zone,
            "theme": user.theme,
            "joined_at": write_datetime(user.date_joined),
            "last_sign_in_at": write_datetime(user.last_login) if user.last_login else None,
        }
        head = {"format": FORMAT, "version": VERSION, "exported_at": write_datetime(now), "account": account}
        self._text(_json(head)[:-1])
        for section in SECTIONS:
            self._section(section)
        self._text("\n}\n")
        return self.rows

    def _section(self, section: Section) -> None:
        self._text(f',\n"{section.name}": [')
        comma = "\n"
        converters = [(column.name, column.lookup, self._converter(section, column)) for column in section.columns]
        found = section.rows_of(self.user).order_by("pk")
        names = [attname for _name, attname, _converter in converters]
        for values in found.values_list(*names).iterator(chunk_size=FETCHED):
            row = {
                name: None if value is None else convert(value)
                for (name, _attname, convert), value in zip(converters, values, strict=True)
            }
            if section.name == "goals":
                self.goals.add(values[0])
            self._text(comma + _json(row))
            comma = ",\n"
            self.rows += 1
            if self.rows % FETCHED == 0:
                self.progress(self.rows)
        self._text("]")

    def _converter(self, section: Section, column: FileColumn) -> Callable[[Any], Any]:  # noqa: PLR0911  (one return for each kind)
        """Return the function that turns a database value into a file value."""
        if column.format:
            return column.format.write
        if column.is_context:
            return self._context
        if column.is_skill_list:
            return lambda pks: [self.skills[pk] for pk in pks if self.skills.knows(pk)]
        if column.refers_to is Skill and section.is_history:  # history may name a deleted skill
            return lambda pk: self.skills[pk] if self.skills.knows(pk) else None
        if column.refers_to is Skill:
            return self.skills.__getitem__
        if column.refers_to is Occupation:
            return self.occupations.__getitem__
        if section.is_history and column.is_null:
            return lambda pk: pk if pk in self.goals else None
        return lambda pk: pk

    def _context(self, context: dict[str, Any]) -> dict[str, Any]:
        said: dict[str, Any] = {}
        if "user" in context:
            said["by"] = "owner" if context["user"] == self.user.pk else "another"
        return said

    def _text(self, text: str) -> None:
        self.out.write(text.encode())


def _json(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(", ", ": "))


class ExportedSkills(dict[int, dict[str, Any]]):
    """The file values of all skills that a user sees: the catalogue and their own, a few hundred."""

    def __init__(self, user: User) -> None:
        super().__init__()
        for pk, key, name, owner in Skill.objects.visible_to(user).values_list("pk", "key", "name", "owner_id"):
            self[pk] = {"key": None if owner else key, "own": pk if owner else None, "name": name}

    def knows(self, pk: Any) -> bool:
        return pk in self


class ExportedOccupations(dict[int, dict[str, Any] | None]):
    """The file values of occupations, loaded when needed, because an account has few."""

    def __missing__(self, pk: int) -> dict[str, Any] | None:
        found = Occupation.objects.filter(pk=pk).values("code", "title").first()  # None if only a history refers to it
        self[pk] = dict(found) if found else None
        return self[pk]
