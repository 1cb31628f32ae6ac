"""A cursor that binds the values of what is written on the server (docs/adr/0065).

Django puts all values into the text of a statement. A server that logs a refused statement would then log what people
wrote. Here INSERT and UPDATE are sent with placeholders, and their values beside them, whatever the server logs.
"""

import re
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

# pghistory and pgtrigger put their settings before a statement: the server binds the values of a single one only.
WRITE = re.compile(r"\s*(?P<settings>(?:SELECT set_config\([^;]*; )*)(?P<write>(?:INSERT|UPDATE)\b.*)", re.DOTALL)


class ServerBoundCursor(psycopg.ClientCursor[Any]):
    """As Django's cursor, but the values of a statement that writes are bound on the server."""

    _query_cls: Any = psycopg.ClientCursor._query_cls

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Run a statement as psycopg does, the settings before it in the same transaction."""
        found = WRITE.match(query) if params and isinstance(query, str) else None
        if found is None:
            return super().execute(query, params, **options)
        settings, write = found["settings"], found["write"]
        if not settings:
            return self._write(write, params, options)
        of_settings, of_write = _split(params, settings.count("%s"))
        is_alone = self.connection.info.transaction_status is TransactionStatus.IDLE
        with self.connection.transaction() if is_alone else nullcontext():
            super().execute(settings, of_settings)
            return self._write(write, of_write, options)

    def _write(self, query: str, params: Any, options: dict[str, Any]) -> Any:
        self._query_cls = psycopg.Cursor._query_cls
        try:
            return super().execute(query, params, **options)
        finally:
            self._query_cls = psycopg.ClientCursor._query_cls

    def _execute_send(self, query: Any, **options: Any) -> None:
        """Send a statement as its class says: with its values inside, or beside it."""
        if isinstance(query, psycopg.ClientCursor._query_cls):
            super()._execute_send(query, **options)
        else:
            psycopg.Cursor._execute_send(self, query, **options)


def _split(params: Any, count: int) -> tuple[Any, Any]:
    """Return the values of the settings, the first `count`, and those of the statement; names are looked up in both."""
    return (params, params) if isinstance(params, Mapping) else (params[:count], params[count:] or None)
