"""Queries that Django compiles once in a process: building such a statement takes longer than running it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from careerplan.core.database import run_prepared

# In the place of the values of a request while the statement is built; nothing has these ids, and nothing is this old.
USER_ID, ROW_ID, NOW, TODAY = -1, -2, datetime(1000, 6, 1, tzinfo=UTC), date(1000, 6, 1)


class CompiledQuery:
    """A `values_list` query for a user, a time and a day.

    `build` is called once. It may add to the time and the day, and must not look at what they are otherwise. In it
    ROW_ID stands for the id of the row that a page is about. With `is_planned_once` the server keeps its plan, too
    (`run_prepared`): for many tables that hold few rows of somebody. Then its texts are `as_text`.
    """

    def __init__(
        self, build: Callable[[Any, datetime, date], QuerySet[Any, Any]], *, is_planned_once: bool = False
    ) -> None:
        self._build, self._is_planned_once = build, is_planned_once

    def fetch(
        self, user_id: int, now: datetime = NOW, today: date = TODAY, *, row_id: int = ROW_ID
    ) -> list[tuple[Any, ...]]:
        """Return its rows. One query."""
        sql, params = self._statement
        values = [_value(param, {USER_ID: user_id, ROW_ID: row_id}, now, today) for param in params]
        if self._is_planned_once:
            return run_prepared(sql, values)
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    @cached_property
    def _statement(self) -> tuple[str, tuple[Any, ...]]:
        return self._build(get_user_model()(pk=USER_ID), NOW, TODAY).query.sql_with_params()


def as_text(name: str) -> Cast:
    """Return a column as a text without a longest length, which a migration may change beside a kept plan."""
    return Cast(name, TextField())


def _value(param: Any, ids: dict[int, int], now: datetime, today: date) -> Any:
    """Return a parameter of the statement for the ids, the time and the day of a request."""
    if isinstance(param, datetime):
        return now + (param - NOW)
    if isinstance(param, date):
        return today + (param - TODAY)
    return ids.get(param, param) if isinstance(param, int) else param
