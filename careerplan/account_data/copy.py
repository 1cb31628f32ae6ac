"""Write the rows of a file into the database, in batches with new ids (COPY)."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import Error, connection, models
from django.utils.translation import gettext as _
from psycopg import sql

from accounts.models import User
from careerplan.account_data.columns import Row
from careerplan.account_data.errors import InvalidFile
from careerplan.account_data.parser import place_of
from careerplan.account_data.sections import Section

BATCH = 500


class IdAllocator:
    """Ids that no row has, by model; taken from the sequence a batch at a time."""

    def __init__(self) -> None:
        self._drawn: dict[type[models.Model], list[int]] = defaultdict(list)

    def next_id(self, model: type[models.Model]) -> int:
        """Return the next id of a model."""
        drawn = self._drawn[model]
        if not drawn:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                    [model._meta.db_table, BATCH],
                )
                drawn.extend(number for (number,) in reversed(cursor.fetchall()))
        return drawn.pop()


def copy_rows(user: User, section: Section, batch: list[tuple[int, Row]]) -> None:
    """Write rows of a section, each with its place in the file. Raises InvalidFile that names the row at fault."""
    fields = [one for one in section.model._meta.concrete_fields if _is_written(one, batch[0][1])]
    owners = {one.attname: user.pk for one in fields if one.related_model is User}
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(section.model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(str(one.column)) for one in fields),
    )
    numbers = [number for number, _row in batch]
    with _explain_errors(section, numbers), connection.cursor() as cursor, cursor.copy(statement) as copy:
        for _number, row in batch:
            copy.write_row([owners.get(one.attname, row.get(one.attname)) for one in fields])


def check_deferred_constraints() -> None:
    """Check the constraints that wait for the end of a transaction. Raises InvalidFile."""
    with _explain_errors(None, []), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _is_written(one: "models.Field[Any, Any]", row: Row) -> bool:
    """Return all columns except generated ones and an id from the database."""
    return not one.generated and (not one.primary_key or one.attname in row)


@contextmanager
def _explain_errors(section: Section | None, numbers: list[int]) -> Iterator[None]:
    """Raise InvalidFile with the place and the rule when the database refuses a row."""
    try:
        with connection.wrap_database_errors:
            yield
    except Error as error:
        cause = error.__cause__
        if not isinstance(cause, psycopg.IntegrityError | psycopg.DataError):
            raise
        line = re.search(r"COPY \w+, line (\d+)", cause.diag.context or "")
        number = numbers[int(line[1]) - 1] if line and 0 < int(line[1]) <= len(numbers) else 0
        rule = cause.diag.constraint_name or cause.diag.message_primary or ""
        reason = _("This entry does not fit the rest of the plan: %(rule)s.") % {"rule": rule[:80]}
        raise InvalidFile(reason, place_of(section, number)) from error
