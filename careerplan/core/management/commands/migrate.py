"""Django's migrate, which waits only briefly for a lock and then tries again."""

import time
from typing import Any

from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg.errors import LockNotAvailable

LOCK_SECONDS = 5
TRIES = 10


class Command(migrate.Command):
    """Migrate without holding up the site.

    A change of a table waits until a dump lets go of it, and every page that needs the table waits behind the change.
    So each wait is short. A migration that gave up has changed nothing, and those before it are done.
    """

    pause_seconds = 5.0

    def handle(self, *args: Any, **options: Any) -> None:
        for left in reversed(range(TRIES)):
            with connections[options["database"]].cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
            try:
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if not left or not isinstance(error.__cause__, LockNotAvailable):
                    raise
                self.stderr.write(f"Another session holds a table. Trying again, {left} times at most.")
                time.sleep(self.pause_seconds)
            finally:
                with connections[options["database"]].cursor() as cursor:
                    cursor.execute("SET lock_timeout = 0")
