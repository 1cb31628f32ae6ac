"""Bringing a file in: every row becomes a row of the person who is signed in, whatever ids it names.

Everything is one transaction. Rows are written in batches with new numbers (COPY); the rules of the database hold, but
for those that keep closed and archived things from *changing*: what was closed long ago is written down here for the
first time. What only those rules would say of a single row is said by `take` of its section.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, BinaryIO

from django.db import connection
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from accounts.models import User
from careerplan.account_data.catalogue_lookup import Known
from careerplan.account_data.copy import BATCH, Numbers, check_what_waited, column_of, copy_rows
from careerplan.account_data.parser import Reader, Refused, place_of
from careerplan.account_data.sections import BY_MODEL, SECTIONS, Column, Row, Section
from careerplan.catalogue.models import Occupation, Skill
from careerplan.core.dates import local_day
from careerplan.core.readonly import allow_closed_changes
from careerplan.opportunities.models import Opportunity
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.models import Digest, Preferences
from careerplan.reviews.models import Review, ReviewSchedule
from careerplan.skills.models import Assessment

SLACK = timedelta(days=1)  # clocks differ, and so do the days of two zones


@dataclass
class Brought:
    """What a file brings, for the page that asks. Counts by section; titles of plans as they come."""

    counts: dict[str, int] = field(default_factory=dict)
    name: str = ""
    email: str = ""
    exported_at: str = ""
    active: str = ""  # the title of the plan that is worked on, if one is
    archived: list[str] = field(default_factory=list)
    unknown_skills: list[str] = field(default_factory=list)
    unknown_occupations: list[str] = field(default_factory=list)
    draft_stays_out: bool = False
    keeps_own_plan: bool = False


class TooMuchAtOnce(Exception):
    """A file with more entries than may be taken while somebody waits."""


def bring_in(
    *, user: User, file: BinaryIO, now: datetime, replace_active: bool = False, most_rows: int | None = None
) -> Brought:
    """Write what a file holds into the account of `user`. Inside a transaction, which its caller rolls back on Refused.

    The file's active plan becomes the active one where there is none, or with `replace_active` (then the one that was
    is archived); else it comes as archived. Raises Refused, and TooMuchAtOnce where there are more than `most_rows`.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    incoming = Incoming(user, now, replace_active=replace_active)
    reader = Reader(file)
    with allow_closed_changes():
        for section, number, row in reader:
            if most_rows is not None and reader.rows > most_rows:
                raise TooMuchAtOnce
            incoming.add(section, number, row)
        incoming.finish()
    said = incoming.brought
    said.unknown_skills, said.unknown_occupations = incoming.known.unknown_skills, incoming.known.unknown_occupations
    said.name, said.email = reader.account.get("name", ""), reader.account.get("email", "")
    said.exported_at = reader.exported_at
    return said


class Incoming:
    """One import under way: which row became which, what is skipped, and what waits to be written."""

    def __init__(self, user: User, now: datetime, *, replace_active: bool) -> None:
        self.user, self.now, self.replace_active = user, now, replace_active
        self.today = local_day(now, user.time_zone)
        self.brought = Brought()
        self.ids: dict[str, dict[int, int]] = defaultdict(dict)  # new numbers by section and id in the file
        self.skipped: dict[str, set[int]] = defaultdict(set)
        self.known = Known(user, partial(self._reference, "own_skills"))
        self.plan: int | None = None  # that of the file which is worked on from now on
        self.goals: set[int] = set()  # its goals
        self.marks: set[datetime] = set()  # when dates were moved by a pause that still lasts
        self.changed_plans: list[int] = []
        self.turns = {section: [(column, self._turn(section, column)) for column in section.columns]
                      for section in SECTIONS}  # fmt: skip
        self.numbers = Numbers()
        self.own_id = 0  # what the row that is being taken is called in the file; 0 where it has no name
        self.section: Section | None = None
        self.waiting: list[tuple[int, Row]] = []  # number in the file, columns by name in the database

    # --- From the file into batches -----------------------------------------------------------------
    def add(self, section: Section, number: int, said: Row) -> None:
        """Take one row of the file. Raises Refused."""
        if section is not self.section or len(self.waiting) >= BATCH:
            self.flush()
            self.section = section
        if section.not_taken:
            return
        row = self._row(section, number, said)
        self.own_id = said.get("id", 0)
        if self.own_id:
            if self.own_id in self.ids[section.name] or self.own_id in self.skipped[section.name]:
                raise Refused(_("This id stands there twice."), place_of(section, number, "id"))
            row["id"] = self.numbers.draw(section.model)
        try:
            kept = None if self._belongs_to_skipped(section, said) else section.take(self, row) if section.take else row
        except Refused as error:
            raise Refused(str(error), place_of(section, number)) from None
        if kept is None:
            if self.own_id and self.own_id not in self.ids[section.name]:
                self.skipped[section.name].add(self.own_id)
            return
        if self.own_id:
            self._note(section, kept)
        for name, given in section.given.items():
            kept[column_of(section, name)] = given(self, kept)
        self.brought.counts[section.name] = self.brought.counts.get(section.name, 0) + 1
        self.waiting.append((number, kept))

    def _row(self, section: Section, number: int, said: Row) -> Row:
        row: Row = {}
        for column, turn in self.turns[section]:
            value = said[column.name]
            if column.name == "id" and not column.refers_to:
                row["id"] = value
                continue
            try:
                row[column.field.attname] = None if value is None else turn(value)
            except Refused as error:
                raise Refused(str(error), place_of(section, number, column.name)) from None
            except (ValueError, ArithmeticError) as error:
                reason = _("There is no such day, instant or figure.")
                raise Refused(reason, place_of(section, number, column.name)) from error
            made = row[column.field.attname]
            if isinstance(made, datetime) and made > self.now + SLACK and column.name != "not_before":
                raise Refused(_("This is in the future."), place_of(section, number, column.name))
        return row

    def _belongs_to_skipped(self, section: Section, said: Row) -> bool:
        return any(
            said[column.name] in self.skipped[BY_MODEL[column.refers_to].name]
            for column in section.columns
            if column.refers_to in BY_MODEL and column.refers_to is not Skill and said[column.name] is not None
        )

    def _note(self, section: Section, row: Row) -> None:
        """Remember which number an entry has here."""
        self.ids[section.name][self.own_id] = row["id"]
        if section.name == "plans" and row["state"] == Plan.State.ACTIVE:
            self.plan = row["id"]
        if section.name == "goals" and row["plan_id"] == self.plan:
            self.goals.add(row["id"])

    def _turn(self, section: Section, column: Column) -> Callable[[Any], Any]:  # noqa: PLR0911  (a list of kinds)
        """What makes of what stands in the file a value for the database."""
        if column.kind:
            return column.kind.read
        if column.is_context:
            return self._context
        if column.is_skill_list:
            return lambda skills: [self.known.skill(one) for one in skills]
        if column.refers_to is Skill:
            return self.known.skill
        if column.refers_to is Occupation:
            return self.known.occupation
        target = BY_MODEL[column.refers_to].name if column.refers_to else ""
        if section.is_history and column.is_null:
            return self.ids[target].get
        return lambda own_id: self._reference(target, own_id)

    def _reference(self, target: str, own_id: int) -> int | None:
        found = self.ids[target].get(own_id)
        if found is None and own_id not in self.skipped[target]:
            raise Refused(
                _("It names an entry of “%(section)s” that is not in the file before it.") % {"section": target}
            )
        return found

    def _context(self, said: Row) -> Jsonb:
        context: dict[str, Any] = {}
        if said.get("by") == "owner":
            context["user"] = self.user.pk
        return Jsonb(context)

    # --- What single sections need --------------------------------------------------------------------
    def take_preferences(self, row: Row) -> Row | None:
        """Only for who has not said what they wish."""
        return None if Preferences.objects.for_user(self.user).exists() else row

    def take_own_skill(self, row: Row) -> Row | None:
        """One of the same name is the same skill."""
        known = self.known.own_skill(row["name"])
        if known is not None:
            if known in self.ids["own_skills"].values():
                raise Refused(_("Two skills have the same name."))
            self.ids["own_skills"][self.own_id] = known
            return None
        self.known.add_own_skill(row["name"], row["id"])
        return row

    def take_assessment(self, row: Row) -> Row | None:
        """A draft comes along where none is open."""
        if row["finished_at"] is None and Assessment.objects.filter(user=self.user).drafts().exists():
            self.brought.draft_stays_out = True
            return None
        return row

    def take_plan(self, row: Row) -> Row:
        """Decide whether it is worked on from now on: one active plan a person."""
        if row["state"] == Plan.State.ACTIVE:
            mine = Plan.objects.active().filter(user=self.user).first()
            if mine is not None and self.plan is None and is_untouched(mine):
                mine.delete()
            elif mine is not None and self.plan is None and self.replace_active:
                mine.state, mine.archived_at = Plan.State.ARCHIVED, self.now
                mine.save(update_fields=["state", "archived_at"])
            elif mine is not None:
                row |= {"state": Plan.State.ARCHIVED, "archived_at": self.now, "version": row["version"] + 1}
                self.changed_plans.append(row["id"])
                self.brought.keeps_own_plan = True
        if row["state"] == Plan.State.ACTIVE:
            self.brought.active = row["title"]
        else:
            self.brought.archived.append(row["title"])
        return row

    def drop_default_schedules(self, rows: list[Row]) -> None:
        """The database gives each new plan a review schedule; the file knows the real one."""
        ReviewSchedule.objects.filter(plan__in=[row["plan_id"] for row in rows]).delete()

    def pause_made_at(self, row: Row) -> datetime:
        """A pause that still lasts counts as made now, like the dates it moved (as in a new chapter)."""
        made_at: datetime = row["made_at"]
        if row["plan_id"] == self.plan and row["ends_on"] >= self.today:
            self.marks.add(made_at)
            return self.now
        return made_at

    def goal_set_at(self, row: Row) -> datetime:
        """When the due date was set: now, for what is worked on, so that no day before today is reminded of."""
        is_open = row["plan_id"] == self.plan and row["state"] == "active"
        return self._set_at(row["due_set_at"]) if is_open else row["due_set_at"]

    def step_set_at(self, row: Row) -> datetime:
        """The same for an open step."""
        is_open = row["goal_id"] in self.goals and row["state"] in ("to_do", "in_progress")
        return self._set_at(row["due_set_at"]) if is_open else row["due_set_at"]

    def closing_set_at(self, row: Row) -> datetime | None:
        """The same for an opportunity that can still be won; None where it has no closing date."""
        was: datetime | None = row["closes_set_at"]
        is_open = row["plan_id"] == self.plan and row["state"] in Opportunity.OPEN_STATES
        return self._set_at(was) if was and is_open else was

    def _set_at(self, was: datetime) -> datetime:
        return self.now if was in self.marks else self.now - timedelta(microseconds=1)

    def take_reading(self, row: Row) -> Row:
        """What will be read off is not known yet."""
        if row["read_on"] > self.today + SLACK:
            raise Refused(_("This is in the future."))
        return row

    def take_mail(self, row: Row) -> Row | None:
        """Mails that were sent are remembered, so that what they told is not told again. One that waits stays out."""
        if row["state"] == Digest.State.OWED:
            return None
        made = Digest.objects.filter(user=self.user, local_date=row["local_date"]).values_list("pk", flat=True).first()
        if made is not None and made not in self.ids["mails"].values():
            self.ids["mails"][self.own_id] = made
            return None
        return row

    # --- Writing ------------------------------------------------------------------------------------
    def flush(self) -> None:
        """Write what waits. Raises Refused."""
        if not self.waiting or self.section is None:
            return
        waiting, self.waiting = self.waiting, []
        if self.section.before:
            self.section.before(self, [row for _number, row in waiting])
        copy_rows(self.user, self.section, waiting)

    def finish(self) -> None:
        """Write the rest and let the rules speak that wait for the end of a transaction. Raises Refused."""
        self.flush()
        for pk in self.changed_plans:
            self._note_archived(pk)
        check_what_waited()

    def _note_archived(self, pk: int) -> None:
        """That a plan came as archived is the last thing in its history."""
        columns = ", ".join(connection.ops.quote_name(str(one.column)) for one in Plan._meta.concrete_fields)
        statement = (
            f"INSERT INTO plans_planevent (pgh_created_at, pgh_label, pgh_obj_id, pgh_context, {columns})"  # noqa: S608
            f" SELECT %s, 'update', id, %s, {columns} FROM plans_plan WHERE id = %s"  # columns of ours
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [self.now, json.dumps({"user": self.user.pk}), pk])


def is_untouched(plan: Plan) -> bool:
    """Whether a plan says nothing yet: made when a page was first opened."""
    said = (plan.vision, plan.target_role, plan.current_role, plan.career_stage, plan.horizon, plan.closing_notes)
    return not (
        any(said)
        or plan.priorities
        or plan.target_occupation_id
        or plan.goals.exists()
        or Pause.objects.filter(plan=plan).exists()
        or Review.objects.filter(plan=plan).exists()
        or Opportunity.objects.filter(plan=plan).exists()
        or plan.criteria.exists()
    )
