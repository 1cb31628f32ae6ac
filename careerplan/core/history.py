"""The history of rows: what each row was, from when, changed by whom. Kept by the database (docs/adr/0007)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.http import HttpRequest, HttpResponse

# Of a change that was made from a link in a mail, beside the `user` who acted.
BY_MAIL = {"way": "mail"}


def keep_history(**changes: Any) -> Callable[[type[models.Model]], type[models.Model]]:
    """Class decorator: every insert and update of the model is kept in an event model, named <Model>Event.

    Events hold who changed the row (HistoryMiddleware) and go with the row when it is deleted for good:
    what somebody deletes is not kept behind their back.
    """
    decorate: Callable[[type[models.Model]], type[models.Model]] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        obj_field=pghistory.ObjForeignKey(on_delete=models.CASCADE, related_name="events", related_query_name="event"),
        context_field=pghistory.ContextJSONField(),
        context_id_field=None,
        meta={"indexes": [models.Index(fields=["pgh_obj", "-pgh_created_at"])]},
        **changes,
    )

    def keep(model: type[models.Model]) -> type[models.Model]:
        decorated = decorate(model)
        pgtrigger.register(_events_go(f"{model._meta.db_table}event"))(decorated)
        return decorated

    return keep


def _events_go(events: str) -> pgtrigger.Trigger:
    """The events of a row go with it, whoever deletes it.

    Django alone does not see to that: it removes the events first and then writes what is set to null before a row
    goes (Goal.carried_from), which makes one more event.
    """
    return pgtrigger.Trigger(
        name="events_go",
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        func=f"DELETE FROM {events} WHERE pgh_obj_id = OLD.id; RETURN NULL;",  # noqa: S608  (a name of ours)
    )


def as_it_stood(row: Any, at: datetime) -> Any | None:
    """What a row of a model with history was at an instant, as its event; None if there was none yet. One query."""
    return row.events.filter(pgh_created_at__lte=at).order_by("-pgh_created_at", "-pgh_id").first()


def count_versions() -> pgtrigger.Trigger:
    """`version` goes up by one with every change, so that a second tab notices the first (an integer column)."""
    return pgtrigger.Trigger(
        name="counts_versions",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.* IS DISTINCT FROM NEW.*"),
        func="NEW.version = OLD.version + 1; RETURN NEW;",
    )


class HistoryMiddleware:
    """Tells the database who is acting, so that the history of a row says who changed it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not request.user.is_authenticated:
            return self.get_response(request)
        with pghistory.context(user=request.user.pk):
            return self.get_response(request)
