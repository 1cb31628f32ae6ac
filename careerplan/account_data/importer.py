"""Import a file: every row becomes a row of the signed-in user, whatever ids it has.

Everything is one transaction. Rows are written in batches with new ids (COPY). All database rules apply except those
that make closed rows read-only, because a closed row is written here for the first time.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, BinaryIO

import psycopg
import structlog
from django.db import Error, connection, models
from django.utils.translation import gettext as _
from psycopg import sql
from psycopg.types.json import Jsonb

from accounts.models import User
from careerplan.account_data.file_format import InvalidFile, Row, TooManyRows
from careerplan.account_data.import_rules import CLOCK_SLACK, ImportContext, ImportSummary
from careerplan.account_data.parser import FileParser, place_of
from careerplan.account_data.sections import SECTIONS, SECTIONS_BY_MODEL, FileColumn, Section
from careerplan.account_data.undo import record_import
from careerplan.catalogue.models import Occupation, Skill
from careerplan.core.readonly import allow_closed_changes

log = structlog.get_logger(__name__)


def import_file(
    *,
    user: User,
    file: BinaryIO,
    now: datetime,
    replace_active: bool = False,
    max_rows: int | None = None,
    checksum: str | None = None,
) -> ImportSummary:
    """Import a file into the account of `user`; with a `checksum` it is recorded and can be undone (undo.py).

    Runs inside a transaction that its caller rolls back on InvalidFile. The file's active plan becomes active if there
    is none, or with `replace_active`, which archives the account's own plan; otherwise it is imported as archived.
    Raises InvalidFile, and TooManyRows for more than `max_rows`.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    importer = Importer(user, now, replace_active=replace_active)
    parser = FileParser(file)
    with allow_closed_changes():
        for section, number, row in parser:
            if max_rows is not None and parser.rows > max_rows:
                raise TooManyRows
            importer.add(section, number, row)
        importer.finish()
    summary = importer.context.summary
    summary.unknown_names = parser.unknown_names
    summary.name, summary.email = parser.account.get("name", ""), parser.account.get("email", "")
    summary.exported_at = parser.exported_at
    if checksum is not None:
        record_import(importer.context, importer.written, checksum=checksum)
    return summary


class Importer:
    """Converts the rows of a file to rows of an account, and writes them in batches."""

    def __init__(self, user: User, now: datetime, *, replace_active: bool) -> None:
        self.user, self.now = user, now
        self.context = ImportContext(user, now, replace_active=replace_active)
        self.converters = {
            section: [(column, self._converter(section, column)) for column in section.columns] for section in SECTIONS
        }
        self.allocator = IdAllocator()
        self.section: Section | None = None
        self.batch: list[tuple[int, Row]] = []  # row number in the file, and values by attribute
        self.present: set[tuple[Any, ...]] = set()  # rows of the section that the account already had
        self.written: dict[Section, list[int]] = {}  # ids of the created rows

    def add(self, section: Section, number: int, source: Row) -> None:
        """Add a row of the file. Raises InvalidFile."""
        if section is not self.section or len(self.batch) >= BATCH:
            self.flush()
        if section is not self.section:
            self.section, self.present = section, self._present(section)
        if section.export_only_reason:
            return
        context, row = self.context, self._convert(section, number, source)
        if section.name == "goal_history":
            context.note_origin_skill(row["pgh_obj_id"], source)
        context.row_id = source.get("id", 0)
        if context.row_id in context.ids[section.name] or context.row_id in context.skipped[section.name]:
            raise InvalidFile(_("This id appears twice."), place_of(section, number, "id"))
        if has_sequence(section):
            row["id"] = self.allocator.next_id(section.model)
        clean = section.clean_row
        try:
            cleaned = None if self._belongs_to_skipped(section, source) else clean(context, row) if clean else row
        except InvalidFile as error:
            raise InvalidFile(str(error), place_of(section, number)) from None
        if cleaned is None:
            if context.row_id and context.row_id not in context.ids[section.name]:
                context.skipped[section.name].add(context.row_id)
            return
        if context.row_id:
            context.register(section.name, cleaned)
        for name, override in section.overrides.items():
            cleaned[section.attname(name)] = override(context, cleaned)
        self._count(section, cleaned)
        self.batch.append((number, cleaned))

    def _present(self, section: Section) -> set[tuple[Any, ...]]:
        if not section.identity:
            return set()
        return set(section.model._base_manager.filter(**{section.owner: self.user}).values_list(*section.identity))

    def _count(self, section: Section, row: Row) -> None:
        summary, name = self.context.summary, section.name
        summary.counts[name] = summary.counts.get(name, 0) + 1
        if section.identity and tuple(row[one] for one in section.identity) in self.present:
            summary.present[name] = summary.present.get(name, 0) + 1

    def _convert(self, section: Section, number: int, source: Row) -> Row:
        """Return the row by attribute, with defaults for columns that the file does not have."""
        row: Row = {}
        for column, convert in self.converters[section]:
            if column.name == "id" and not column.refers_to:
                row["id"] = source["id"]
                continue
            if column.name not in source:
                row[column.field.attname] = column.default()
                continue
            value = source[column.name]
            try:
                row[column.field.attname] = None if value is None else convert(value)
            except InvalidFile as error:
                raise InvalidFile(str(error), place_of(section, number, column.name)) from None
            except (ValueError, ArithmeticError) as error:
                reason = _("This date, time or number does not exist.")
                raise InvalidFile(reason, place_of(section, number, column.name)) from error
            made = row[column.field.attname]
            if isinstance(made, datetime) and made > self.now + CLOCK_SLACK and column.name != "not_before":
                raise InvalidFile(_("This is in the future."), place_of(section, number, column.name))
        return row

    def _belongs_to_skipped(self, section: Section, source: Row) -> bool:
        return any(
            source.get(column.name) in self.context.skipped[SECTIONS_BY_MODEL[column.refers_to].name]
            for column in section.columns
            if column.refers_to in SECTIONS_BY_MODEL and column.refers_to is not Skill
        )

    def _converter(self, section: Section, column: FileColumn) -> Callable[[Any], Any]:  # noqa: PLR0911  (one return for each kind)
        """Return the function that turns a file value into a database value."""
        lookup = self.context.lookup
        if column.format:
            return column.format.read
        if column.is_context:
            return self._event_context
        if column.is_skill_list:
            return lambda skills: [lookup.skill(one) for one in skills]
        if column.refers_to is Skill:
            return lookup.skill
        if column.refers_to is Occupation:
            return lookup.occupation
        target = SECTIONS_BY_MODEL[column.refers_to].name if column.refers_to else ""
        if section.is_history and column.is_null:
            return self.context.ids[target].get
        return lambda own_id: self.context.reference(target, own_id)

    def _event_context(self, source: Row) -> Jsonb:
        return Jsonb({"user": self.user.pk} if source.get("by") == "owner" else {})

    def flush(self) -> None:
        """Write the batch. Raises InvalidFile."""
        if not self.batch or self.section is None:
            return
        batch, self.batch = self.batch, []
        if self.section.before_batch:
            self.section.before_batch(self.context, [row for _number, row in batch])
        copy_rows(self.user, self.section, batch)
        if has_sequence(self.section):
            self.written.setdefault(self.section, []).extend(row["id"] for _number, row in batch)

    def finish(self) -> None:
        """Write the rest and check deferred constraints. Raises InvalidFile."""
        self.flush()
        lookup, summary = self.context.lookup, self.context.summary
        if lookup.created:
            self.written.setdefault(SECTIONS_BY_MODEL[Skill], []).extend(lookup.created)
        summary.unknown_skills, summary.unknown_occupations = lookup.unknown_skills, lookup.unknown_occupations
        if self.context.plans_to_archive:
            self.context.record_archived_plans()
        self.context.set_origin_skills()
        check_deferred_constraints()


def has_sequence(section: Section) -> bool:
    """Return whether the database gives the rows of a section their own ids."""
    key = section.model._meta.pk
    return not section.is_history and key is not None and not key.is_relation


BATCH = 500


class IdAllocator:
    """Ids that no row has, by model; taken from the sequence a batch at a time."""

    def __init__(self) -> None:
        self._drawn: dict[type[models.Model], list[int]] = defaultdict(list)

    def next_id(self, model: type[models.Model]) -> int:
        """Return an id of the model's sequence that was not given out yet."""
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
    """Return whether a column is written: not if it is generated, or an id that the database gives."""
    return not one.generated and (not one.primary_key or one.attname in row)


@contextmanager
def _explain_errors(section: Section | None, numbers: list[int]) -> Iterator[None]:
    """Raise InvalidFile with the place when the database refuses a row; the rule is in the log."""
    try:
        with connection.wrap_database_errors:
            yield
    except Error as error:
        cause = error.__cause__
        if not isinstance(cause, psycopg.IntegrityError | psycopg.DataError):
            raise
        line = re.search(r"COPY \w+, line (\d+)", cause.diag.context or "")
        number = numbers[int(line[1]) - 1] if line and 0 < int(line[1]) <= len(numbers) else 0
        log.info("import_refused", rule=cause.diag.constraint_name, sqlstate=cause.sqlstate)
        raise InvalidFile(_("This entry does not fit the rest of the plan."), place_of(section, number)) from error
