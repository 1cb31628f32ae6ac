"""What a section of the file is: a table, its columns, and what an import does with its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models

from accounts.models import User
from careerplan.account_data.file_format import CONTEXT, ID, Row, Schema, ValueFormat, format_for, or_null
from careerplan.account_data.import_rules import ImportContext
from careerplan.catalogue.models import Occupation, Skill

SECTIONS: list["Section"] = []
"""All sections in the order of the file; sections.py fills it."""

Override = Callable[[ImportContext, Row], Any]
EVENT_NAMES = {"pgh_created_at": "at", "pgh_label": "what", "pgh_obj": "of", "pgh_context": "context"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Section:
    """A table in the file.

    `owner` is the lookup from a row to its user. `file_names` gives columns a different name in the file. `excluded`
    lists columns that are not in the file, each with the reason. `overrides` sets columns on import, whatever the file
    has. `export_only_reason`: why the rows are not imported. `clean_row` checks each row before it is written and
    returns None to leave it out; `before_batch` is called before a batch is written. `identity`: columns by which a row
    that the account already has is recognised.
    """

    name: str
    model: type[models.Model]
    owner: str
    file_names: Mapping[str, str] = field(default_factory=dict)
    excluded: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, Override] = field(default_factory=dict)
    export_only_reason: str = ""
    clean_row: Callable[[ImportContext, Row], Row | None] | None = None
    before_batch: Callable[[ImportContext, list[Row]], None] | None = None
    identity: tuple[str, ...] = ()
    max_rows: int = 200_000  # of an imported file
    is_history: bool = False
    visible: Mapping[str, Any] = field(default_factory=dict)  # which rows the owner may see; all if empty
    patterns: Mapping[str, str] = field(default_factory=dict)  # what texts look like, by column
    looked_up: Mapping[str, str] = field(default_factory=dict)  # columns of other tables: name and lookup
    is_as_mentor: bool = False  # the person's part in plans of others; the owner of such a plan has a section, too

    def rows_of(self, user: User) -> "models.QuerySet[Any]":
        """Return the rows of a user that are in the file."""
        return self.model._base_manager.filter(**{self.owner: user}, **self.visible)

    @cached_property
    def columns(self) -> list["FileColumn"]:
        """Return the columns in the file."""
        own = [
            FileColumn(one, self.file_names.get(one.name, ""))
            for one in self.model._meta.concrete_fields
            if one.name not in self.excluded
            and one.related_model is not User
            and (not one.primary_key or one.is_relation or (self.is_referred_to and not self.is_history))
        ]
        return own + [FileColumn(self._field_at(path), name, path) for name, path in self.looked_up.items()]

    def _field_at(self, path: str) -> "models.Field[Any, Any]":
        """Return the field at the end of a lookup."""
        *steps, last = path.split("__")
        model: Any = self.model
        for step in steps:
            model = model._meta.get_field(step).related_model
        return model._meta.get_field(last)  # type: ignore[no-any-return]

    @cached_property
    def is_referred_to(self) -> bool:
        """Return whether another section refers to its rows; only then they have an id in the file."""
        return any(
            other.related_model is self.model
            for section in SECTIONS
            if section is not self
            for other in section.model._meta.concrete_fields
        ) or any(one.related_model is self.model for one in self.model._meta.concrete_fields)

    @cached_property
    def schema(self) -> Schema:
        """Return the schema of a row. A column with a default may be missing, and unknown columns are ignored."""
        return {
            "type": "object",
            "properties": {column.name: self._with_pattern(column) for column in self.columns},
            "required": [column.name for column in self.columns if column.is_required],
        }

    def _with_pattern(self, column: "FileColumn") -> Schema:
        pattern = self.patterns.get(column.name)
        return {**column.schema, "pattern": pattern} if pattern else column.schema

    def attname(self, name: str) -> str:
        """Return the attribute of a field, such as `plan_id` of `plan`."""
        return next(one.attname for one in self.model._meta.concrete_fields if one.name == name)


class FileColumn:
    """One column of a section: its name in the file, the lookup and the format of its values.

    `refers_to` is the related model if the column is a foreign key; the value is then its id, key or code.
    """

    def __init__(self, source: "models.Field[Any, Any]", name: str = "", lookup: str = "") -> None:
        self.field, self.lookup = source, lookup or source.attname
        self.name = name or EVENT_NAMES.get(source.name, source.name)
        if source.primary_key and not source.is_relation:
            self.name = "id"
        self.refers_to = source.related_model if source.is_relation else None
        self.is_context = source.name == "pgh_context"
        self.is_skill_list = source.name in {"limited_to", "also_asked", "questions"}
        self.is_null = source.null
        self.format: ValueFormat | None = None
        if not (self.refers_to or self.is_context or self.is_skill_list or self.name == "id"):
            self.format = format_for(source)

    @property
    def is_required(self) -> bool:
        """Return whether a file without the column is refused, because it has no default."""
        is_text = isinstance(self.field, models.CharField | models.TextField) and self.field.blank
        return not (self.is_null or self.is_context or self.field.has_default() or is_text) or self.name == "id"

    def default(self) -> Any:
        """Return the value for a file without this column."""
        return self.field.get_default()

    @property
    def schema(self) -> Schema:
        """Return the schema of a value."""
        if self.format:
            schema = self.format.schema
        elif self.is_context:
            return CONTEXT
        elif self.is_skill_list:
            schema = {"type": "array", "items": {"$ref": "#/$defs/skill"}, "maxItems": 1000}
        elif self.refers_to is Skill:
            schema = {"$ref": "#/$defs/skill"}
        elif self.refers_to is Occupation:
            schema = {"$ref": "#/$defs/occupation"}
        else:
            schema = ID
        return or_null(schema) if self.is_null else schema
