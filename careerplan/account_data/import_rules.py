"""Rules of an import for single rows: which are left out, and which columns get values that only this account knows.

`sections.py` names the rule of each section; `importer.py` calls it. The rules share one `ImportContext`.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.account_data.file_format import InvalidFile, Row
from careerplan.catalogue.models import Occupation, Skill
from careerplan.core.dates import local_day
from careerplan.goals.models import Goal
from careerplan.opportunities.models import Opportunity
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.models import Digest, Preferences
from careerplan.reviews.models import Review, ReviewSchedule
from careerplan.skills.models import Assessment
from careerplan.skills.services.own_skills import MOST_OWN_SKILLS

CLOCK_SLACK = timedelta(days=1)  # clocks differ, and so do dates in two zones


@dataclass
class ImportSummary:
    """Content of a file, for the preview. Counts by section; titles of plans as they will be here.

    `present`: how many of `counts` the account already has. `unknown_names`: sections and columns unknown to this
    version, as `section.column`.
    """

    counts: dict[str, int] = field(default_factory=dict)
    present: dict[str, int] = field(default_factory=dict)
    name: str = ""
    email: str = ""
    exported_at: str = ""
    active: str = ""  # title of the active plan, if any
    archived: list[str] = field(default_factory=list)
    unknown_skills: list[str] = field(default_factory=list)
    unknown_occupations: list[str] = field(default_factory=list)
    unknown_names: list[str] = field(default_factory=list)
    excludes_draft: bool = False
    keeps_own_plan: bool = False


class ImportContext:
    """The state of one import: new ids, skipped rows, and the plan that will be active."""

    def __init__(self, user: User, now: datetime, *, replace_active: bool) -> None:
        self.user, self.now, self.replace_active = user, now, replace_active
        self.today = local_day(now, user.time_zone)
        self.summary = ImportSummary()
        self.ids: dict[str, dict[int, int]] = defaultdict(dict)  # new ids by section and id in the file
        self.skipped: dict[str, set[int]] = defaultdict(set)
        self.lookup = CatalogueLookup(user, lambda own_id: self.reference("own_skills", own_id))
        self.row_id = 0  # the id, in the file, of the current row; 0 if it has none
        self.active_plan: int | None = None  # the active plan in the file
        self.active_goals: set[int] = set()
        self.archived_plan: int | None = None  # the account's own plan, archived for the one in the file
        self.plans_to_archive: list[int] = []
        self.origin_skills: dict[int, int] = {}  # by goal
        self.pause_times: set[datetime] = set()  # when a current pause moved dates

    def reference(self, section: str, own_id: int) -> int | None:
        """Return the new id of an earlier row; None if it was skipped. Raises InvalidFile."""
        found = self.ids[section].get(own_id)
        if found is None and own_id not in self.skipped[section]:
            raise InvalidFile(
                _("This refers to an entry in “%(section)s” that does not appear earlier in the file.")
                % {"section": section}
            )
        return found

    def register(self, section: str, row: Row) -> None:
        """Remember the new id of a row."""
        self.ids[section][self.row_id] = row["id"]
        if section == "plans" and row["state"] == Plan.State.ACTIVE:
            self.active_plan = row["id"]
        if section == "goals" and row["plan_id"] == self.active_plan:
            self.active_goals.add(row["id"])

    # --- Rows that may be left out: each returns the row, changed or not, or None --------------------
    def clean_preferences(self, row: Row) -> Row | None:
        """Import reminder preferences only if the account has none."""
        return None if Preferences.objects.for_user(self.user).exists() else row

    def clean_own_skill(self, row: Row) -> Row | None:
        """Treat an own skill of the same name as the same skill."""
        known = self.lookup.own_skill(row["name"])
        if known is not None:
            if known in self.ids["own_skills"].values():
                raise InvalidFile(_("This skill name appears twice."))
            self.ids["own_skills"][self.row_id] = known
            return None
        self.lookup.add_own_skill(row["name"], row["id"])
        return row

    def clean_assessment(self, row: Row) -> Row | None:
        """Import a draft only if the account has none."""
        if row["finished_at"] is None and Assessment.objects.filter(user=self.user).drafts().exists():
            self.summary.excludes_draft = True
            return None
        return row

    def clean_task_answer(self, row: Row) -> Row | None:
        """Leave out an answer about an occupation that the catalogue here does not have."""
        return row if row["occupation_id"] is not None else None

    def clean_plan(self, row: Row) -> Row:
        """Decide which plan is active, because an account has at most one."""
        if row["state"] == Plan.State.ACTIVE:
            own = Plan.objects.active().filter(user=self.user).first()
            if own is not None and self.active_plan is None and is_empty_plan(own):
                own.delete()
            elif own is not None and self.active_plan is None and self.replace_active:
                own.state, own.archived_at = Plan.State.ARCHIVED, self.now
                own.save(update_fields=["state", "archived_at"])
                self.archived_plan = own.pk
            elif own is not None:
                row |= {"state": Plan.State.ARCHIVED, "archived_at": self.now, "version": row["version"] + 1}
                self.plans_to_archive.append(row["id"])
                self.summary.keeps_own_plan = True
        if row["state"] == Plan.State.ACTIVE:
            self.summary.active = row["title"]
        else:
            self.summary.archived.append(row["title"])
        return row

    def clean_progress_entry(self, row: Row) -> Row:
        """Refuse progress with a future date."""
        if row["measured_on"] > self.today + CLOCK_SLACK:
            raise InvalidFile(_("This is in the future."))
        return row

    def clean_step(self, row: Row) -> Row:
        """Let a step repeat until its due date at least: a pause once moved due dates without the last day."""
        until, due_on = row.get("repeats_until"), row.get("due_on")
        return {**row, "repeats_until": max(until, due_on)} if until and due_on else row

    def clean_email(self, row: Row) -> Row | None:
        """Import emails that were sent, so that nothing is sent again. Leave out one that was not sent."""
        if row["state"] == Digest.State.PENDING:
            return None
        sent = Digest.objects.filter(user=self.user, local_date=row["local_date"]).values_list("pk", flat=True).first()
        if sent is not None and sent not in self.ids["emails"].values():
            self.ids["emails"][self.row_id] = sent
            return None
        return row

    def drop_default_schedules(self, rows: list[Row]) -> None:
        """Delete the review schedule that the database gave each new plan; the file has the real one."""
        ReviewSchedule.objects.filter(plan__in=[row["plan_id"] for row in rows]).delete()

    # --- Columns whose value does not come from the file ----------------------------------------------
    def pause_made_at(self, row: Row) -> datetime:
        """Set a current pause as made now, like the dates it moved (as in a new plan)."""
        made_at: datetime = row["made_at"]
        if row["plan_id"] == self.active_plan and row["ends_on"] >= self.today:
            self.pause_times.add(made_at)
            return self.now
        return made_at

    def goal_due_set_at(self, row: Row) -> datetime:
        """Set the due date of an open goal as set now, so that there is no reminder about earlier days."""
        is_open = row["plan_id"] == self.active_plan and row["state"] == "active"
        return self._set_at(row["due_set_at"]) if is_open else row["due_set_at"]

    def step_due_set_at(self, row: Row) -> datetime:
        """Set the due date of an open step as set now, too."""
        is_open = row["goal_id"] in self.active_goals and row["state"] in ("to_do", "in_progress")
        return self._set_at(row["due_set_at"]) if is_open else row["due_set_at"]

    def closing_set_at(self, row: Row) -> datetime | None:
        """Set the closing date of an open opportunity as set now, too; None without a closing date."""
        was: datetime | None = row["closes_set_at"]
        is_open = row["plan_id"] == self.active_plan and row["state"] in Opportunity.OPEN_STATES
        return self._set_at(was) if was and is_open else was

    def _set_at(self, was: datetime) -> datetime:
        return self.now if was in self.pause_times else self.now - timedelta(microseconds=1)

    def note_origin_skill(self, goal: int | None, event: Row) -> None:
        """Remember the skill that a goal was added for, which version 1 stores only in the history."""
        skill = (event.get("context") or {}).get("grew_from")
        if goal and isinstance(skill, dict) and isinstance(skill.get("name"), str):
            self.origin_skills[goal] = self.lookup.skill(skill)

    # --- At the end -------------------------------------------------------------------------------------
    def set_origin_skills(self) -> None:
        """Fill in the origin skills of version 1."""
        for goal, skill in self.origin_skills.items():
            Goal.objects.filter(pk=goal, origin_skill=None).update(origin_skill=skill)

    def record_archived_plans(self) -> None:
        """Record in the history of plans that this import archived them."""
        columns = ", ".join(connection.ops.quote_name(str(one.column)) for one in Plan._meta.concrete_fields)
        statement = (
            f"INSERT INTO plans_planevent (pgh_created_at, pgh_label, pgh_obj_id, pgh_context, {columns})"  # noqa: S608
            f" SELECT %s, 'update', id, %s, {columns} FROM plans_plan WHERE id = ANY(%s)"  # our own columns
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [self.now, json.dumps({"user": self.user.pk}), self.plans_to_archive])


def is_empty_plan(plan: Plan) -> bool:
    """Return whether a plan was created by opening a page and is still empty."""
    entered = (plan.vision, plan.target_role, plan.current_role, plan.career_stage, plan.horizon, plan.closing_notes)
    return not (
        any(entered)
        or plan.priorities
        or plan.target_occupation_id
        or plan.goals.exists()
        or Pause.objects.filter(plan=plan).exists()
        or Review.objects.filter(plan=plan).exists()
        or Opportunity.objects.filter(plan=plan).exists()
        or plan.criteria.exists()
    )


class CatalogueLookup:
    """Finds skills and occupations by their names in the file; creates an own skill if there is none.

    `reference` gives the id of one of the file's own skills. `created`: ids of the skills that were created.
    """

    def __init__(self, user: User, reference: Callable[[int], int | None]) -> None:
        self.user, self.reference = user, reference
        self.created: list[int] = []
        self.unknown_skills: list[str] = []
        self.unknown_occupations: list[str] = []
        self._catalogue = dict(Skill.objects.catalogue().values_list("key", "pk"))
        self._own = {name.lower(): pk for pk, name in Skill.objects.for_user(user).values_list("pk", "name")}
        self._occupations: dict[str, int | None] = {}

    def own_skill(self, name: str) -> int | None:
        """Return the id of an own skill by its name."""
        return self._own.get(name.lower())

    def add_own_skill(self, name: str, pk: int) -> None:
        """Remember an own skill of the file. Raises InvalidFile where there are too many."""
        self._check_room()
        self._own[name.lower()] = pk

    def _check_room(self) -> None:
        if len(self._own) >= 20 * MOST_OWN_SKILLS:
            raise InvalidFile(_("The file has more skills of your own than an account can hold."))

    def skill(self, source: Row) -> int:
        """Return the id of a skill: of the catalogue by its key, else an own one of that name, made if needed."""
        if source.get("own") is not None:
            return self.reference(source["own"]) or 0
        found = self._catalogue.get(source.get("key") or "")
        return found if found is not None else self._skill_by_name(source["name"])

    def _skill_by_name(self, name: str) -> int:
        if name not in self.unknown_skills:
            self.unknown_skills.append(name)
        found = self.own_skill(name)
        if found is None:
            self._check_room()
            found = self._own[name.lower()] = Skill.objects.create(name=name, owner=self.user).pk
            self.created.append(found)
        return found

    def occupation(self, source: Row) -> int | None:
        """Return the id of an occupation by its code; None where the catalogue does not know it."""
        code = source["code"]
        if code not in self._occupations:
            self._occupations[code] = Occupation.objects.filter(code=code).values_list("pk", flat=True).first()
            if self._occupations[code] is None:
                self.unknown_occupations.append(source.get("title") or code)
        return self._occupations[code]
