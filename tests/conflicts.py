"""Help for tests of edit conflicts: what a page carries, and the answers to its questions."""

from typing import Any

from django.test import Client
from django.urls import reverse

from careerplan.core.edit_conflicts import ConflictForm


def shown_on(client: Client, route: str, pk: int | None = None) -> dict[str, str]:
    """The shown values that a page carries now; nothing where the page has no form that compares."""
    return shown_in(client.get(reverse(route, args=[] if pk is None else [pk])))


def shown_in(response: Any) -> dict[str, str]:
    """The shown values of the form in a response."""
    form = (response.context or {}).get("form")
    return {"shown": form["shown"].value() or ""} if isinstance(form, ConflictForm) else {}


def choose(form: ConflictForm, which: str) -> dict[str, str]:
    """Answer each conflict of a form with "mine" or "other"."""
    return {conflict.choice_name: getattr(conflict, f"{which}_value") for conflict in form.conflicts}


def conflicts_in(response: Any) -> dict[str, tuple[str, str, str]]:
    """The conflicts of a page: what it was, the other version and mine, by field."""
    form = response.context["form"]
    return {conflict.name: (conflict.was, conflict.other, conflict.mine) for conflict in form.conflicts}
