"""Grant the role of web, worker and beat the right to read and write rows, and no other."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg import sql

STATEMENTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
)


class Command(BaseCommand):
    """`grant_rights ROLE`, run as the owner of the tables after `migrate`. Can be repeated."""

    help = "Let a database role read and write rows, so that web, worker and beat do not need to own the tables."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", metavar="ROLE", help="the role in the DATABASE_URL of web, worker and beat")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        role = options["role"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user = %s, EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role, role])
            is_owner, exists = cursor.fetchone()
            if is_owner:
                raise CommandError(f"You are connected as {role}. Connect as the role that runs migrate.")
            if not exists:
                raise CommandError(f"The database has no role {role}. Create it first with CREATE ROLE {role} LOGIN.")
            for statement in STATEMENTS:
                cursor.execute(sql.SQL(statement).format(role=sql.Identifier(role)))
