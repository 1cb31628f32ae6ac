"""Reminder mails a second, from claim to record, beside raw smtplib and django-post-office.

Interleaved rounds in one run. The floor is 25 % of raw smtplib and three times django-post-office. What the sink took
is compared with the rows: as many, each once. Then the same worker goes on until it has sent MANY, and its memory is
read on the way.
"""

import json
import os
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks.stack_memory import memory_of
from benchmarks.tables import print_rates
from careerplan.local.processes import ROOT
from careerplan.local.servers import free_port
from careerplan.local.stack import Stack
from tests.plugins.template import template

PEOPLE, ITEMS = 12_000, 8
ROUNDS, PROCESSES = 5, 2
MANY, READINGS = 100_000, 5  # mails of one worker after the first rounds; how often its memory is read

FILL = """
import sys
from datetime import timedelta
from uuid import uuid4
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.utils import timezone
from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.models import Plan
from careerplan.reminders.models import Preferences
from careerplan.reminders.services import create_due_reminders
now = timezone.now()
before = now - timedelta(days=31)
for start in range(0, {people}, 500):
    with transaction.atomic():
        users = User.objects.bulk_create([
            User(email=f"bench-{{n}}@example.org", name="Ruth", password="!")
            for n in range(start, min(start + 500, {people}))])
        EmailAddress.objects.bulk_create(
            [EmailAddress(user=u, email=u.email, verified=True, primary=True) for u in users])
        Preferences.objects.bulk_create([Preferences(user=u, hour=0) for u in users])
        plans = Plan.objects.bulk_create([Plan(user=u, title="Ward manager", started_on=before.date()) for u in users])
        goals = Goal.objects.bulk_create([Goal(
            plan=p, area="professional", title="Lead 12 shifts as nurse in charge", measure_kind="yes_no",
            done_when="It is there", starts_on=before.date(), due_on=now.date() + timedelta(days=200),
            due_set_at=before, created_at=before, form_key=uuid4()) for p in plans])
        # Every second person writes dashes, as phones do by themselves: such a mail cannot go out as it is.
        ActionStep.objects.bulk_create([ActionStep(
            goal=g, title=f"Ask for two late shifts {{'\u2013' if g.pk % 2 else 'in'}} week {{n}} of {{g.pk}}",
            position=n + 1, due_on=now.date() + timedelta(days=n % 7 + 1), due_set_at=before, created_at=before)
            for g in goals for n in range({items})])
create_due_reminders(as_of=now, now=now)
with connection.cursor() as cursor:
    cursor.execute("VACUUM ANALYZE")  # as autovacuum does within a minute
"""
AGAIN = (
    "UPDATE reminders_digest SET state='pending', sent_at=NULL, claim_token=NULL, attempt_started_at=NULL, "
    "not_before=now(), attempts=0"
)
WAKE = "from careerplan.reminders.tasks import help_sending\nfor _ in range({processes}): help_sending.delay()"


@contextmanager
def sink(folder: Path) -> Iterator[int]:
    """The mail server; gives its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.mail_sink", str(port), str(folder)], cwd=ROOT)
    try:
        time.sleep(0.5)
        yield port
    finally:
        process.kill()
        process.wait()


def taken(folder: Path, count: int, seconds: float = 120) -> list[dict]:
    """What the sink took in a round, once it took `count` messages; removed from the folder."""
    end = time.monotonic() + seconds
    found: list[dict] = []
    while sum(len(one["ids"]) for one in found) < count and time.monotonic() < end:
        time.sleep(0.1)
        for path in folder.glob("*.json"):
            found.append(json.loads(path.read_text()))
            path.unlink()
    return found


def hand_in(port: int, count: int, message: bytes) -> None:
    """Raw smtplib: one connection, the same message again and again."""
    with smtplib.SMTP("127.0.0.1", port) as server:
        for _ in range(count):
            server.sendmail("careerplan@careerplan.localhost", ["ruth@example.org"], message)


def rate_of(found: list[dict]) -> float:
    """Messages a second, from when the first was complete to when the last was. Raises where some are missing."""
    if (count := sum(len(one["ids"]) for one in found)) != PEOPLE:
        raise RuntimeError(f"{count} messages, {PEOPLE} were to come")
    return (PEOPLE - 1) / (max(one["last"] for one in found) - min(one["first"] for one in found))


def raw_round(folder: Path, port: int, message: bytes) -> float:
    """Messages a second of raw smtplib, as many processes as our worker has."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        list(pool.map(hand_in, [port] * PROCESSES, [PEOPLE // PROCESSES] * PROCESSES, [message] * PROCESSES))
    return rate_of(taken(folder, PEOPLE))


def our_round(stack: Stack, folder: Path) -> tuple[float, bytes]:
    """Messages a second of ours and one of them; what arrived is held against the rows."""
    with psycopg.connect(stack.env["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(AGAIN)
        connection.execute("VACUUM ANALYZE reminders_digest")
        stack.manage("shell", "-c", WAKE.format(processes=PROCESSES))
        found = taken(folder, PEOPLE)
        time.sleep(0.5)
        [(sent,)] = connection.execute("SELECT count(*) FROM reminders_digest WHERE state = 'sent'").fetchall()
    ids = [key for one in found for key in one["ids"]]
    if not len(ids) == len(set(ids)) == sent == PEOPLE:
        raise RuntimeError(f"{len(ids)} messages, {len(set(ids))} different, {sent} rows, {PEOPLE} due")
    return rate_of(found), bytes.fromhex(found[0]["sample"])


def post_office_round(stack: Stack, folder: Path, message: bytes) -> float:
    """Return messages a second of django-post-office, with as many processes; its mails are stored beforehand.

    It renders all mails before it sends the first and records them after the last, so the clock of the sink would miss
    most of its work: the time is that of the whole call.
    """
    path = folder / "message.eml"
    path.write_bytes(message)
    command = [sys.executable, "-m", "benchmarks.post_office"]
    environment = {**os.environ, **stack.env}
    subprocess.run([*command, "prepare", str(path), str(PEOPLE)], cwd=ROOT, env=environment, check=True)
    ended = subprocess.run(
        [*command, "send", str(path), str(PROCESSES)],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    rate_of(taken(folder, PEOPLE))  # raises where some are missing
    return PEOPLE / float(ended.stdout.split()[-1])


def memory_while_sending(stack: Stack, folder: Path) -> dict[int, float]:
    """Memory of the worker in MB by how many mails it has sent since, up to MANY."""
    sizes, sent = {0: memory_of(stack.pid("worker"))[1]}, 0
    while sent < MANY:
        our_round(stack, folder)
        sent += PEOPLE
        if sent >= len(sizes) * MANY / READINGS:
            sizes[sent] = memory_of(stack.pid("worker"))[1]
    return sizes


def measure() -> None:
    """Print messages a second, the median of the rounds with its spread, and the ratio to raw smtplib."""
    folder = Path(tempfile.mkdtemp())
    with (
        sink(folder) as port,
        Stack(durable=True, template=template(), env={"EMAIL_URL": f"smtp://127.0.0.1:{port}"}) as stack,
    ):
        stack.prepare()
        stack.manage("shell", "-c", FILL.format(people=PEOPLE, items=ITEMS), timeout=600)
        stack.start("worker")
        _, message = our_round(stack, folder)  # warm
        rates: dict[str, list[float]] = {"raw smtplib": [], "django-post-office": [], "reminders in Celery": []}
        for _ in range(ROUNDS):
            rates["raw smtplib"].append(raw_round(folder, port, message))
            rates["django-post-office"].append(post_office_round(stack, folder, message))
            rates["reminders in Celery"].append(our_round(stack, folder)[0])
        sizes = memory_while_sending(stack, folder)
    mails = f"Mails of {len(message)} bytes with {ITEMS} items, {PROCESSES} processes"
    print_rates(f"{mails}, median of {ROUNDS} rounds of {PEOPLE}", "mails/s", rates)
    print("\nMemory of the worker with all its processes (PSS)\n")
    for count, megabytes in sizes.items():
        print(f"after {count:>7,} more mails{megabytes:>8.1f} MB")


if __name__ == "__main__":
    measure()
