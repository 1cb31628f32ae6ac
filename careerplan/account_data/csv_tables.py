"""Goals, steps and ratings as tables for a spreadsheet: three CSV files in a zip.

UTF-8 with a byte order mark, so that spreadsheets recognise it; CRLF as in RFC 4180. A text that a spreadsheet would
read as a formula gets a leading apostrophe (OWASP, "CSV Injection"), so that it is shown as typed.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.account_data.exporter import FETCHED, snapshot_transaction
from careerplan.goals.facts import Place, facts_in
from careerplan.goals.models import ActionStep, Goal
from careerplan.skills.models import Rating

# Full-width signs too, because some spreadsheets treat them like normal ones.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BOM = "\ufeff"
Cells = Iterable[Any]


def escape_formula(value: Any) -> Any:
    """Return a cell that no spreadsheet computes. Numbers and dates are ours and do not change."""
    if isinstance(value, str) and value.lstrip(" ").startswith(RISKY):
        return "'" + value
    return value


def write_csv_tables(user: User, out: BinaryIO) -> None:
    """Write goals.csv, steps.csv and ratings.csv from one snapshot, a row at a time."""
    with snapshot_transaction(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in (("goals", _goals), ("steps", _steps), ("ratings", _ratings)):
            with archive.open(f"{name}.csv", "w") as member, io.TextIOWrapper(member, "utf-8", newline="") as text:
                text.write(BOM)
                writer = csv.writer(text)
                for row in rows(user):
                    writer.writerow([_plain(escape_formula(value)) for value in row])


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else value


def _goals(user: User) -> Iterator[Cells]:
    facts = facts_in(Place.CSV)
    yield (_("Plan"), *(str(fact.label) for fact in facts))
    for goal in Goal.objects.for_user(user).select_related("plan").order_by("pk").iterator(FETCHED):
        yield (goal.plan.title, *(fact.value(goal) for fact in facts))


def _steps(user: User) -> Iterator[Cells]:
    yield (
        *(_("Plan"), _("Goal"), _("Step"), _("State"), _("Due date"), _("Hours planned"), _("Details"), _("Done on")),
        *(_("Rating, 1 to 5"), _("Hours spent"), _("What you learned")),
    )
    steps = ActionStep.objects.for_user(user).select_related("goal__plan", "evaluation")
    for step in steps.order_by("goal_id", "position").iterator(FETCHED):
        verdict = getattr(step, "evaluation", None)
        yield (
            *(step.goal.plan.title, step.goal.title, step.title, step.get_state_display(), step.due_on),
            *(step.effort_hours, step.details, step.done_on),
            *((verdict.worth, verdict.hours_spent, verdict.learned) if verdict else ("", "", "")),
        )


def _ratings(user: User) -> Iterator[Cells]:
    yield _("Assessed on"), _("Skill"), _("Level, 0 to 5"), _("Strength or weakness"), _("Want to learn"), _("Example")
    ratings = Rating.objects.filter(assessment__user=user).select_related("assessment", "skill")
    for rating in ratings.order_by("assessment_id", "skill__name", "pk").iterator(FETCHED):
        finished = rating.assessment.finished_at
        learn = {True: _("yes"), False: _("no"), None: ""}[rating.wants_to_learn]
        yield (
            *(timezone.localdate(finished) if finished else _("not finished"), rating.skill.name, rating.level),
            *(rating.get_verdict_display() if rating.verdict else "", learn, rating.evidence),
        )
