"""Django's PostgreSQL backend, with a deadline on this side for each wait (docs/adr/0024).

The server's own statement_timeout ends nothing where the server stands still: its machine swaps or is paused, the
network swallows packets, and its sockets stay open. Each wait therefore ends here too, and the connection is closed.

OPTIONS has `statement_seconds`: how long a statement may run; 0 is for migrations and loaders, without any deadline.
`session` are parameters of the server for each connection. A statement sets them: PgBouncer refuses the startup
parameter `options` (docs/adr/0045).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel

from careerplan.core.postgresql.cursor import ServerBoundCursor

MARGIN_SECONDS = 1.0
"""The server cancels a statement first, where it is alive."""
CHECK_SECONDS = 1.5
"""How long a connection may take to show that it is alive, before the first statement of a request or a task.

One that takes longer is replaced: its server may only be busy.
"""
CONNECT_SECONDS = (2, 5)
"""Fewest and most seconds for a new connection; libpq knows no fewer than 2. One that replaces another has these."""
SILENCE_SECONDS = 2.0
"""For so long after a statement or a new connection without an answer nothing else waits: one request finds out for
all.
"""


class DatabaseSilentError(psycopg.OperationalError):
    """The server did not answer within the deadline."""


class Silence:
    """Until when the server counts as silent, for all threads of this process."""

    def __init__(self) -> None:
        self._until = 0.0

    def begin(self) -> None:
        """Note that a wait has ended without an answer."""
        self._until = time.monotonic() + SILENCE_SECONDS

    def check(self) -> None:
        """Raise DatabaseSilentError while the server counts as silent."""
        if time.monotonic() < self._until:
            raise DatabaseSilentError("the database did not answer a moment ago")


silence = Silence()


class Connection(psycopg.Connection[Any]):
    """A connection whose waits end after `seconds`; None: never. After that it is closed."""

    seconds: float | None = None
    is_being_checked = False

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        """Wait as psycopg does, within the deadline. Raises DatabaseSilentError."""
        kwargs.setdefault("timeout", self.seconds)
        end = None if kwargs["timeout"] is None else time.monotonic() + kwargs["timeout"]
        try:
            return super().wait(gen, *args, **kwargs)
        except psycopg.OperationalError as error:
            # psycopg's own class for this is private; a server that answers has said so before the deadline.
            if end is None or error.sqlstate or time.monotonic() < end:
                raise
            if not self.is_being_checked:
                silence.begin()
            self.pgconn.finish()
            raise DatabaseSilentError("the database does not answer") from None


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with our connections."""

    health_check_enabled: bool  # Django's
    health_check_done: bool
    _replaces_slow_one = False
    _deadline: float | None = None

    @property
    def statement_seconds(self) -> float:
        """How long a statement may run; 0 without a deadline."""
        usual: float = self.settings_dict["OPTIONS"]["statement_seconds"]
        return usual if self._deadline is None else self._deadline

    @contextmanager
    def statement_deadline(self, seconds: float) -> Iterator[None]:
        """Let no statement take longer than `seconds`, on this connection or on one that replaces it meanwhile.

        The caller sets statement_timeout for the connection that is open, to `statement_seconds`.
        """
        self._set_deadline(min(self.statement_seconds or seconds, seconds))
        try:
            yield
        finally:
            self._set_deadline(None)

    def _set_deadline(self, seconds: float | None) -> None:
        self._deadline = seconds
        if self.connection is not None:
            self.connection.seconds = self._wait_seconds()

    def _wait_seconds(self) -> float | None:
        return self.statement_seconds + MARGIN_SECONDS if self.statement_seconds else None

    def get_connection_params(self) -> dict[str, Any]:
        """Return the parameters of libpq."""
        params = super().get_connection_params()
        del params["statement_seconds"], params["session"]
        params["cursor_factory"] = ServerBoundCursor
        seconds = self.statement_seconds
        fewest, most = CONNECT_SECONDS
        params["connect_timeout"] = max(fewest, min(seconds, most)) if seconds else most
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        """Open a connection. Raises DatabaseSilentError at once where the server did not answer a moment ago."""
        silence.check()
        self.isolation_level = IsolationLevel.READ_COMMITTED
        if self._replaces_slow_one:
            conn_params = {**conn_params, "connect_timeout": CONNECT_SECONDS[0]}
        try:
            connection = Connection.connect(**conn_params, autocommit=True)
        except psycopg.errors.ConnectionTimeout:
            silence.begin()
            raise
        self._replaces_slow_one = False
        connection.seconds = conn_params["connect_timeout"]
        self._set_session(connection)
        connection.seconds = self._wait_seconds()
        return connection

    def _set_session(self, connection: Connection) -> None:
        """Set the parameters of the server for this connection, with its statement_timeout."""
        parameters = {
            **self.settings_dict["OPTIONS"]["session"],
            "statement_timeout": f"{1000 * self.statement_seconds:.0f}",
        }
        calls = ", ".join(["set_config(%s, %s, false)"] * len(parameters))
        try:
            connection.execute(f"SELECT {calls}", [text for pair in parameters.items() for text in pair])
        except BaseException:
            connection.close()
            raise

    def close_if_health_check_failed(self) -> None:
        """Check the connection once per request or task. Raises OperationalError, and keeps the connection, where the
        server did not answer another one a moment ago.
        """
        if self.connection is not None and self.health_check_enabled and not self.health_check_done:
            try:
                silence.check()
            except DatabaseSilentError as error:
                raise OperationalError(str(error)) from error
        super().close_if_health_check_failed()

    @contextmanager
    def answering_within(self, seconds: float) -> Iterator[None]:
        """Let each statement inside wait for `seconds` at most. First one asks whether the server answers at all.

        A connection that was closed meanwhile is replaced. Raises OperationalError or InterfaceError.
        """
        started, usual = time.monotonic(), None
        with self.wrap_database_errors:
            silence.check()
        self.health_check_done = True  # the statement below is the check
        try:
            self._ping(seconds)
        except (OperationalError, InterfaceError):
            if self.in_atomic_block or time.monotonic() - started > seconds / 4:
                raise
            self.close()
            self._replaces_slow_one = True
            self._ping(seconds)
        if self.connection is not None:
            usual, self.connection.seconds = self.connection.seconds, seconds
        try:
            yield
        finally:
            if self.connection is not None:
                self.connection.seconds = usual

    def _ping(self, seconds: float) -> None:
        self.ensure_connection()
        usual, self.connection.seconds = self.connection.seconds, seconds
        try:
            with self.cursor() as cursor:
                cursor.execute("SELECT 1")
        finally:
            if self.connection is not None:
                self.connection.seconds = usual

    def is_usable(self) -> bool:
        """Whether the connection answers soon."""
        connection = self.connection
        if connection is None:
            return False
        usual, connection.seconds, connection.is_being_checked = connection.seconds, CHECK_SECONDS, True
        try:
            usable = bool(super().is_usable())
        finally:
            connection.seconds, connection.is_being_checked = usual, False
        self._replaces_slow_one = not usable
        return usable
