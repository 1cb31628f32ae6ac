"""History of rows: every version of a row, since when, changed by whom. Recorded by the database (docs/adr/0007)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.http import HttpRequest, HttpResponse

from careerplan.core.triggers import delete_events

# Context of a change that was made from a link in an email, beside the `user` who acted.
BY_MAIL = {"way": "mail"}


def track_history(**changes: Any) -> Callable[[type[models.Model]], type[models.Model]]:
    """Class decorator that records every insert and update of a model in an event model named <Model>Event.

    An event says who changed the row (HistoryMiddleware) and is deleted with the row: deleted data is not stored
    elsewhere.
    """
    track: Callable[[type[models.Model]], type[models.Model]] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        obj_field=pghistory.ObjForeignKey(on_delete=models.CASCADE, related_name="events", related_query_name="event"),
        context_field=pghistory.ContextJSONField(),
        context_id_field=None,
        meta={"indexes": [models.Index(fields=["pgh_obj", "-pgh_created_at"])]},
        **changes,
    )

    def decorate(model: type[models.Model]) -> type[models.Model]:
        tracked = track(model)
        pgtrigger.register(delete_events(f"{model._meta.db_table}event"))(tracked)
        return tracked

    return decorate


def version_at(row: Any, at: datetime) -> Any | None:
    """Load the event that says what a tracked row was at an instant; None before it existed. One query."""
    return row.events.filter(pgh_created_at__lte=at).order_by("-pgh_created_at", "-pgh_id").first()


class HistoryMiddleware:
    """Middleware that gives the database the user who acts, so that events say who changed a row."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not request.user.is_authenticated:
            return self.get_response(request)
        with pghistory.context(user=request.user.pk):
            return self.get_response(request)
