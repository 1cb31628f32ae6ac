"""Exports of a part of an account: a CV as JSON Resume, and goals, steps and ratings as tables for a spreadsheet."""

import csv
import io
import re
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
from careerplan.plans.models import Plan
from careerplan.skills.models import Level, Rating
from careerplan.skills.queries.draft import latest_assessment

# --- JSON Resume 1.0.0 (https://jsonresume.org/schema) ------------------------------------------------------
SCHEMA = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
LEAST_LEVEL = Level.BASIC  # the least that belongs in a CV


def json_resume_for(user: User) -> dict[str, Any]:
    """Return the CV of a user, from their plan and their latest finished assessment.

    Names, roles and skills; never the vision, goals, weaknesses or missing education: a CV is for others to read.
    """
    plan = Plan.objects.active().filter(user=user).first()
    assessment = latest_assessment(user)
    source = plan if plan and plan.current_role else assessment
    role = source.current_role if source else ""
    return {
        "$schema": SCHEMA,
        "basics": {"name": user.name, "email": user.email, **({"label": role} if role else {})},
        "work": [{"position": role}] if role else [],
        "education": _education(assessment),
        "certificates": _certificates(assessment),
        "skills": _skills(assessment),
    }


def _education(assessment: Any) -> list[dict[str, str]]:
    education = getattr(assessment, "education", None)
    if education is None or not (education.level or education.field):
        return []
    said = {"studyType": str(education.get_level_display()) if education.level else "", "area": education.field}
    return [{name: value for name, value in said.items() if value}]


def _certificates(assessment: Any) -> list[dict[str, str]]:
    education = getattr(assessment, "education", None)
    lines = education.credentials.splitlines() if education else []
    return [{"name": line.strip()} for line in lines if line.strip()]


def _skills(assessment: Any) -> list[dict[str, Any]]:
    if assessment is None:
        return []
    ratings = (
        assessment.ratings.filter(level__gte=LEAST_LEVEL).select_related("skill").order_by("-level", "skill__name")
    )
    return [
        {
            "name": rating.skill.name,
            "level": str(Level(rating.level).label),
            **({"keywords": [rating.evidence]} if rating.evidence else {}),
        }
        for rating in ratings
    ]


# --- CSV tables in a zip --------------------------------------------------------------------------------------
# UTF-8 with a byte order mark, by which spreadsheets know it; CRLF as RFC 4180 has it. Every cell is quoted. A text
# that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV Injection"): it is shown as it
# was typed. So does what follows a semicolon or a tab: many spreadsheets part cells there in spite of the quotes.
# Full-width signs too: some spreadsheets take them for the narrow ones.
SIGNS = "=+@\uff1d\uff0b\uff0d\uff20-"
FORMULA_START = re.compile(f"^ *(?=[\t\r\n{SIGNS}])|(?<=[;\t]) *(?=[{SIGNS}])")
BOM = "\ufeff"
Cells = Iterable[Any]


def escape_formula(value: Any) -> Any:
    """Return a cell that no spreadsheet computes. Numbers and dates are ours and do not change."""
    return FORMULA_START.sub(r"'\g<0>", value) if isinstance(value, str) else value


def write_csv_tables(user: User, out: BinaryIO) -> None:
    """Write goals.csv, steps.csv and ratings.csv from one snapshot, a row at a time."""
    with snapshot_transaction(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in (("goals", _goals), ("steps", _steps), ("ratings", _ratings)):
            with archive.open(f"{name}.csv", "w") as member, io.TextIOWrapper(member, "utf-8", newline="") as text:
                text.write(BOM)
                writer = csv.writer(text, quoting=csv.QUOTE_ALL)
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
        *(_("Plan"), _("Goal"), _("Step"), _("State"), _("Due date"), _("Repeats"), _("Hours planned")),
        *(_("Details"), _("Done on")),
        *(_("Rating, 1 to 5"), _("Hours spent"), _("What you learned")),
    )
    steps = ActionStep.objects.for_user(user).select_related("goal__plan", "evaluation")
    for step in steps.order_by("goal_id", "position").iterator(FETCHED):
        evaluation = getattr(step, "evaluation", None)
        yield (
            *(step.goal.plan.title, step.goal.title, step.title, step.get_state_display(), step.due_on),
            *(step.repeat_rule.text if step.repeat_rule else "", step.effort_hours, step.details, step.done_on),
            *((evaluation.worth, evaluation.hours_spent, evaluation.learned) if evaluation else ("", "", "")),
        )


def _ratings(user: User) -> Iterator[Cells]:
    yield _("Assessed on"), _("Skill"), _("Level, 0 to 5"), _("Strength or weakness"), _("Want to learn"), _("Example")
    ratings = Rating.objects.filter(assessment__user=user).select_related("assessment", "skill")
    for rating in ratings.order_by("assessment_id", "skill__name", "pk").iterator(FETCHED):
        finished = rating.assessment.finished_at
        learn = {True: _("yes"), False: _("no"), None: ""}[rating.wants_to_learn]
        yield (
            *(timezone.localdate(finished) if finished else _("not finished"), rating.skill.name, rating.level),
            *(rating.get_category_display() if rating.category else "", learn, rating.evidence),
        )
