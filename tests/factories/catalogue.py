"""The shipped catalogue in a test's database."""

from itertools import count

from django.apps import apps
from django.db import connection

from tests.plugins.template import SHIPPED_SCHEMA

_copies = count(1)


def copy_shipped_catalogue() -> None:
    """Bring in the skills and occupations that we ship, as the loader made them: a fifth of the time it takes to load.

    Each copy was updated at a time of its own, so that what a process keeps of the catalogue is read again. Its foreign
    keys are checked here, once: Django checks what is pending at the end of each test, and rolls that back with it.
    """
    with connection.cursor() as cursor:
        for model in apps.get_app_config("catalogue").get_models():
            table = model._meta.db_table
            columns = ", ".join(field.column for field in model._meta.concrete_fields if not field.generated)
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {SHIPPED_SCHEMA}.{table}")
        cursor.execute(
            "UPDATE catalogue_occupation SET updated_at = updated_at + %s * interval '1 microsecond'", [next(_copies)]
        )
    connection.check_constraints()
