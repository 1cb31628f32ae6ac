"""Queries that Django compiles once in a process: building such a statement takes longer than running it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import QuerySet

# In the place of the values of a request while the statement is built; nobody has this id, and nothing is this old.
USER_ID, NOW, TODAY = -1, datetime(1000, 6, 1, tzinfo=UTC), date(1000, 6, 1)


class PreparedQuery:
    """A `values_list` query for a user, a time and a day.

    `build` is called once. It may add to the time and the day, and must not look at what they are otherwise.
    """

    def __init__(self, build: Callable[[Any, datetime, date], QuerySet[Any, Any]]) -> None:
        self._build = build

    def fetch(self, user_id: int, now: datetime = NOW, today: date = TODAY) -> list[tuple[Any, ...]]:
        """Return its rows. One query."""
        sql, params = self._statement
        with connection.cursor() as cursor:
            cursor.execute(sql, [_value(param, user_id, now, today) for param in params])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    @cached_property
    def _statement(self) -> tuple[str, tuple[Any, ...]]:
        return self._build(get_user_model()(pk=USER_ID), NOW, TODAY).query.sql_with_params()


def _value(param: Any, user_id: int, now: datetime, today: date) -> Any:
    """Return a parameter of the statement for a user, a time and a day."""
    if isinstance(param, datetime):
        return now + (param - NOW)
    if isinstance(param, date):
        return today + (param - TODAY)
    return user_id if param == USER_ID else param
