"""What the machine of test_machine.py draws, asks the database for, and knows by itself."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from hypothesis import strategies as st

from careerplan.goals.models import ActionStep, Change, Goal
from careerplan.goals.services.goals import ChangeReason

DAY = timedelta(days=1)
FIRST_DAY = date(2027, 1, 4)
LAST_DAY = FIRST_DAY + 400 * DAY
NUMBER = {
    "measure_kind": Goal.MeasureKind.NUMBER,
    "unit": "shifts",
    "start_value": Decimal(0),
    "target_value": Decimal(12),
}
WHY = ChangeReason(reason=Change.Reason.LEARNED)
EMPTY_MEASURE = {"unit": "", "start_value": None, "target_value": None, "done_when": ""}
YES_NO = {"measure_kind": Goal.MeasureKind.YES_NO, "done_when": "A signed contract"}

days = st.integers(0, 399).map(lambda n: FIRST_DAY + n * DAY)
hours = st.none() | st.integers(1, 400).map(lambda n: Decimal(n) / 4)
titles = st.sampled_from(["Ask Karen", "Rehearse", "Read", "Gib den Entwurf ab ü"])
kinds = st.sampled_from(["", *ActionStep.Kind.values])
steps = st.fixed_dictionaries({"title": titles, "due_on": days, "effort_hours": hours, "kind": kinds})
outcomes = st.sampled_from([Goal.State.REACHED, Goal.State.PARTLY, Goal.State.LET_GO])
some = st.integers(0, 1_000)  # picks one of what there is

# The events hold every column of the row; each table's last event must be the row itself.
LAST_EVENT_IS_THE_ROW = """
SELECT count(*) FROM {table} AS kept
LEFT JOIN LATERAL (
  SELECT * FROM {table}event WHERE pgh_obj_id = kept.id ORDER BY pgh_id DESC LIMIT 1
) AS event ON true
WHERE EXISTS (
  SELECT 1 FROM jsonb_each(to_jsonb(kept)) AS was(name, value)
  WHERE (to_jsonb(event) -> name) IS DISTINCT FROM was.value
)
"""
# A closed goal with its steps and entries as they stand. (A rating may still be given.)
AS_IT_STANDS = """
SELECT md5(g::text)
    || (SELECT coalesce(md5(string_agg(s::text, '|' ORDER BY s.id)), '') FROM goals_actionstep s WHERE goal_id = g.id)
    || (SELECT coalesce(md5(string_agg(e::text, '|' ORDER BY e.id)), '') FROM goals_progressentry e
        WHERE goal_id = g.id)
FROM goals_goal g WHERE g.id = %s
"""


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


@dataclass
class KnownStep:
    """What the model knows of a step."""

    goal: int
    effort: Decimal
    state: str = "to_do"
    rated: bool = False

    @property
    def is_open(self):
        return self.state == "to_do"


@dataclass
class KnownGoal:
    """What the model knows of a goal."""

    data: dict[str, Any]
    is_active: bool = True
    entries: list[int] = field(default_factory=list)  # that count
    removed: list[int] = field(default_factory=list)

    @property
    def is_number(self):
        return self.data["measure_kind"] == Goal.MeasureKind.NUMBER
