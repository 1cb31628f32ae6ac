"""The same job by django-post-office, in a project of its own: `python -m benchmarks.post_office prepare|send FILE N`.

Its tables are in a schema of their own in the database of the stack. FILE holds one of our mails. Its layout becomes a
template of post_office, which renders it on delivery with eight items, as our sender does. It goes on until its queue
is empty, as its own command does, with BATCH_SIZE of the environment mails a batch (100 as it comes). All else is its
default.
"""

import email
import email.policy
import os
import re
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings
from environs import Env

SCHEMA, ITEMS = "post_office", 8
TEXT = """Careerplan

{{ heading }}
{% for item in items %}
{{ forloop.counter }}. {{ item.mark }}
   {{ item.title }}
   Mark as done: {{ item.url }}
   Move by a week: {{ item.url }}
   I am stuck: {{ item.url }}
   Let go: {{ item.url }}
{% endfor %}
"""
URL = "http://localhost:8000/r/1.740045.s902.740043.c7aef4a15d7ccbc844d6349572e04d88/done/"


def configure() -> None:
    """Set up a Django project with nothing but post_office."""
    database = Env().dj_db_url("DATABASE_URL")
    database["OPTIONS"] = {**database.get("OPTIONS", {}), "options": f"-c search_path={SCHEMA}"}
    mail = urlsplit(os.environ["EMAIL_URL"])
    settings.configure(
        DATABASES={"default": database},
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        EMAIL_BACKEND="post_office.EmailBackend",
        EMAIL_HOST=mail.hostname,
        EMAIL_PORT=mail.port,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        POST_OFFICE={
            "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
            "BATCH_SIZE": int(os.environ["BATCH_SIZE"]),
            "BATCH_DELIVERY_TIMEOUT": 600,
        },
    )
    django.setup()


def prepare(path: Path, count: int) -> None:
    """Make the tables, the template and queued mails."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from post_office.models import PRIORITY, STATUS, Email, EmailTemplate  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    call_command("migrate", verbosity=0)
    Email.objects.all().delete()
    EmailTemplate.objects.all().delete()
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    template = EmailTemplate.objects.create(
        name="daily", subject="{{ items.0.mark }}: {{ items.0.title }}", content=TEXT, html_content=as_template(html)
    )
    queued = {"template": template, "status": STATUS.queued, "priority": PRIORITY.medium, "from_email": message["From"]}
    emails = [Email(to=[f"bench-{n}@example.org"], context=context_of(n), **queued) for n in range(count)]
    Email.objects.bulk_create(emails, batch_size=500)


def as_template(html: str) -> str:
    """Turn the HTML of one of our mails into a Django template that repeats its last item."""
    head, *_items, last = re.split(r'(?=<tr><td class="rule(?:-first)?")', html)
    end = last.index("</tr>", last.index("</table>")) + len("</tr>")  # of the row with the links
    item, tail = last[:end], last[end:]
    for tag, name in (("span", "mark"), ("h2", "title")):
        item = re.sub(rf"(<{tag}[^>]*>)[^<]*", rf"\g<1>{{{{ item.{name} }}}}", item, count=1)
    item = re.sub(r'href="[^"]*"', 'href="{{ item.url }}"', item)
    return f"{head}{{% for item in items %}}{item}{{% endfor %}}{tail}"


def context_of(number: int) -> dict[str, object]:
    """The values of one mail; half of the mails have a dash in their titles, as ours have."""
    dash = "\u2013" if number % 2 else "in"
    items = [{"title": f"Ask for two late shifts {dash} week {n} of {number}", "mark": f"In {n} days", "url": URL}
             for n in range(ITEMS)]  # fmt: skip
    return {"heading": "8 dates are coming up", "items": items}


def send(processes: int) -> None:
    """Send the queued mails with so many processes, and print how many seconds it took."""
    from post_office.mail import send_queued_mail_until_done  # noqa: PLC0415

    start = time.perf_counter()
    send_queued_mail_until_done(processes=processes)
    print(time.perf_counter() - start)


if __name__ == "__main__":
    configure()
    what, argument, number = sys.argv[1:]
    if what == "prepare":
        prepare(Path(argument), int(number))
    else:
        send(int(number))
