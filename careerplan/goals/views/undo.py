"""Offer to undo the last change in a message, and undo it."""

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import AuthenticatedRequest
from careerplan.core.post_only import post_only
from careerplan.core.sentences import join_sentences
from careerplan.goals.services.locks import GoalIsArchived
from careerplan.goals.services.undo import UndoRecord, undo_change
from careerplan.goals.views.shortcuts import PLACES

UNDO = "undo"  # in the session: the last change that can be undone, as JSON
DAYS, TIMES = {"due_on", "repeats_until"}, {"closed_at", "done_at", "due_set_at"}


def report_with_undo(request: HttpRequest, words: str, record: UndoRecord) -> None:
    """Add a message about a change with a button that undoes it. Only the last change can be undone."""
    key = str(uuid4())
    values = {"key": key, "made_at": record.made_at, "goals": record.goals, "steps": record.steps}
    request.session[UNDO] = json.dumps(values, default=lambda value: value.isoformat())
    messages.success(request, words, extra_tags=f"{UNDO} {key}")


@post_only(gettext_lazy("Undo"), "goals:list", gettext_lazy("Go to your goals"))
def undo(request: AuthenticatedRequest) -> HttpResponse:
    """Undo the last change, if it is the one that the button belongs to."""
    record = _stored_record(request, request.POST.get("key", ""))
    restored = 0
    if record:
        request.session.pop(UNDO)
        try:
            restored = undo_change(user=request.user, record=record)
        except GoalIsArchived:
            restored = 0
    if record and restored == len(record):
        messages.success(request, _("Undone. You have your earlier dates and steps back."))
    elif record and restored:
        undone = ngettext("%(n)s of %(all)s change undone.", "%(n)s of %(all)s changes undone.", len(record))
        others = len(record) - restored
        kept = ngettext("You have changed %(n)s other since.", "You have changed %(n)s others since.", others)
        said = join_sentences(undone % {"n": restored, "all": len(record)}, kept % {"n": others})
        messages.info(request, said)
    else:
        messages.error(request, _("It is too late to undo this. Nothing has changed."))
    place = request.POST.get("from", "")
    return redirect(place if place in PLACES.values() else PLACES.get(place, "dashboard:today"))


def _stored_record(request: HttpRequest, key: str) -> UndoRecord | None:
    stored = json.loads(request.session.get(UNDO, "null"))
    if not stored or stored["key"] != key:
        return None
    return UndoRecord(
        made_at=datetime.fromisoformat(stored["made_at"]).astimezone(UTC),
        goals={int(pk): _parsed(values) for pk, values in stored["goals"].items()},
        steps={int(pk): _parsed(values) for pk, values in stored["steps"].items()},
    )


def _parsed(values: dict[str, Any]) -> dict[str, Any]:
    """Return values from JSON with dates and times."""
    found = dict(values)
    for name, value in values.items():
        if value is not None and name in DAYS:
            found[name] = date.fromisoformat(value)
        elif value is not None and name in TIMES:
            found[name] = datetime.fromisoformat(value)
    return found
