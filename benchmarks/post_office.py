"""The same mails by django-post-office, in a project of its own: `python -m benchmarks.post_office prepare|send FILE`.

Its tables are in a schema of their own in the database of the stack. FILE holds one of our mails as it was sent. The
mails are stored with both bodies ready, so rendering costs it nothing; everything else is its default.
"""

import email
import email.policy
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings
from environs import Env

SCHEMA = "post_office"


def configure() -> None:
    """Set up a Django project with nothing but post_office."""
    database = Env().dj_db_url("DATABASE_URL")
    database["OPTIONS"] = {**database.get("OPTIONS", {}), "options": f"-c search_path={SCHEMA}"}
    mail = urlsplit(os.environ["EMAIL_URL"])
    settings.configure(
        DATABASES={"default": database},
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        EMAIL_BACKEND="post_office.EmailBackend",
        EMAIL_HOST=mail.hostname,
        EMAIL_PORT=mail.port,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        POST_OFFICE={
            "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
            "BATCH_SIZE": 10_000,
            "BATCH_DELIVERY_TIMEOUT": 600,
        },
    )
    django.setup()


def prepare(path: Path, count: int) -> None:
    """Make the tables and store mails that wait."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from post_office.models import PRIORITY, STATUS, Email  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    call_command("migrate", verbosity=0)
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    Email.objects.all().delete()
    Email.objects.bulk_create(
        [
            Email(
                from_email=message["From"],
                to=[f"bench-{n}@example.org"],
                subject=message["Subject"],
                message=text,
                html_message=html,
                status=STATUS.queued,
                priority=PRIORITY.medium,
            )
            for n in range(count)
        ],
        batch_size=500,
    )


def send(processes: int) -> None:
    """Send what waits, with so many processes."""
    from post_office.mail import send_queued  # noqa: PLC0415

    send_queued(processes=processes)


if __name__ == "__main__":
    configure()
    what, argument, number = sys.argv[1:]
    if what == "prepare":
        prepare(Path(argument), int(number))
    else:
        send(int(number))
