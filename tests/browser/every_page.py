"""The addresses of every page that a person can open, for looks and pictures; called in the stack (StackProcess)."""

from pathlib import Path
from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.opportunities.models import Opportunity
from careerplan.plans.models import Plan
from careerplan.reviews.models import Review
from careerplan.skills.models import Assessment
from tests.architecture.routes import OBJECT_ROUTES, OWN, POST_ONLY

# States of pages that their address alone does not show.
STATES = (
    *("/goals/steps/?show=done", "/goals/steps/?several=1", "/goals/steps/?q=nothing+like+this", "/search/?q=ward"),
    *("/skills/results/gaps/", "/skills/results/gaps/?all=1", "/skills/results/occupations/"),
    "/skills/results/ratings/",
)


def every_page(*, email: str) -> dict[str, str]:
    """Return the pages that a person can open now, by a name for a file; what redirects or answers 404 is left out."""
    user = User.objects.get(email=email)
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    found = {}
    for path in (*_addresses(user), *STATES):
        answer = client.get(path)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html") and b"<h1" in answer.content:
            found[_file_name(path)] = path
    return found


STRANGERS = (
    *("/", "/privacy/", "/occupations/", "/occupations/health/", "/account/signup/", "/account/login/"),
    *("/occupations/health/registered-nurse-29-1141/", "/occupations/health/registered-nurse-29-1141/try/"),
)


def write_pages(*, email: str, folder: str, prefix: str) -> int:
    """Write the HTML of every page of a person, or of a stranger, into files; return how many."""
    client = Client(headers={"host": "localhost"})
    if email:
        client.force_login(User.objects.get(email=email))
    pages = every_page(email=email) if email else {_file_name(path): path for path in STRANGERS}
    for name, path in pages.items():
        (Path(folder) / f"{prefix}-{name}.html").write_bytes(client.get(path).content)
    return len(pages)


def _file_name(path: str) -> str:
    kept = "".join(letter if letter.isalnum() else "-" for letter in path)
    return kept.strip("-") or "front"


def _addresses(user: User) -> list[str]:
    """Return the address of each route that answers GET, with the person's own objects where it names one."""
    found = [_reverse(name) for name in sorted(OWN - POST_ONLY)]
    objects = _objects(user)
    for name, kind in OBJECT_ROUTES.items():
        if name not in POST_ONLY and kind in objects:
            found.append(_reverse(name, objects[kind].pk))
    if "archived_plan" in objects:
        found.append(reverse("plan_document:page", args=[objects["archived_plan"].pk]) + "?for=everything")
    return [path for path in found if path]


def _reverse(name: str, *arguments: Any) -> str:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:  # it needs more than the person's object, such as a page of the assessment
        return ""


def _objects(user: User) -> dict[str, Model]:
    """Return one object of each kind that the person has, the ones with most to show."""
    numbered = Goal.objects.for_user(user).active().filter(measure_kind=Goal.MeasureKind.NUMBER)
    rows: dict[str, Any] = {
        "goal": numbered.first() or Goal.objects.for_user(user).first(),
        "step": ActionStep.objects.for_user(user).filter(state=ActionStep.State.TO_DO).first(),
        "archived_plan": Plan.objects.for_user(user).order_by("-state").first(),
        "assessment": Assessment.objects.for_user(user).finished().first(),
        "review": Review.objects.filter(plan__user=user).finished().first(),
        "opportunity": Opportunity.objects.for_user(user).open().first(),
    }
    return {kind: row for kind, row in rows.items() if row is not None}
