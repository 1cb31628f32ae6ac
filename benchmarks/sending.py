"""Reminder mails a second, from claim to record, beside raw smtplib and django-post-office.

Interleaved rounds in one run. The floor is 25 % of raw smtplib and three times django-post-office as it comes, with
100 mails a batch. Beside it stands what it reaches with all mails in one batch, where it records none before all are
sent. What the sink took is compared with the rows: as many, each once. Then the same worker goes on until it has sent
MANY, and its memory is read on the way.
"""

import json
import os
import smtplib
import statistics
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
from tests.stack_process import StackProcess

PEOPLE, ITEMS = 12_000, 8
POST_OFFICE_MAILS = 4_000  # in a round of django-post-office, which takes longer
ROUNDS, PROCESSES = 5, 2
RAW, AS_IT_COMES, ONE_BATCH = "raw smtplib", "django-post-office", "the same, in one batch"
OURS = "reminders in Celery"
FLOORS = {RAW: 0.25, AS_IT_COMES: 3.0}
MANY, READINGS = 100_000, 5  # mails of one worker after the first rounds; how often its memory is read

AGAIN = (
    "UPDATE reminders_digest SET state='pending', sent_at=NULL, claim_token=NULL, attempt_started_at=NULL, "
    "not_before=now(), attempts=0"
)


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


def rate_of(found: list[dict], expected: int) -> float:
    """Messages a second, from when the first was complete to when the last was. Raises where some are missing."""
    if (count := sum(len(one["ids"]) for one in found)) != expected:
        raise RuntimeError(f"{count} messages, {expected} were to come")
    return (expected - 1) / (max(one["last"] for one in found) - min(one["first"] for one in found))


def raw_round(folder: Path, port: int, message: bytes) -> float:
    """Messages a second of raw smtplib, as many processes as our worker has."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        list(pool.map(hand_in, [port] * PROCESSES, [PEOPLE // PROCESSES] * PROCESSES, [message] * PROCESSES))
    return rate_of(taken(folder, PEOPLE), PEOPLE)


def our_round(stack: Stack, inside: StackProcess, folder: Path) -> tuple[float, bytes]:
    """Messages a second of ours and one of them; what arrived is held against the rows."""
    with psycopg.connect(stack.env["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(AGAIN)
        connection.execute("VACUUM ANALYZE reminders_digest")
        inside.call("benchmarks.inside.reminders.request_sending", processes=PROCESSES)
        found = taken(folder, PEOPLE)
        time.sleep(0.5)
        [(sent,)] = connection.execute("SELECT count(*) FROM reminders_digest WHERE state = 'sent'").fetchall()
    ids = [key for one in found for key in one["ids"]]
    if not len(ids) == len(set(ids)) == sent == PEOPLE:
        raise RuntimeError(f"{len(ids)} messages, {len(set(ids))} different, {sent} rows, {PEOPLE} due")
    return rate_of(found, PEOPLE), bytes.fromhex(found[0]["sample"])


def post_office_round(stack: Stack, folder: Path, message: bytes, batch: int) -> float:
    """Return messages a second of django-post-office, with as many processes; its mails are stored beforehand.

    `batch` is its own setting of mails a batch. It renders all mails of a batch before it sends the first and records
    them after the last, so the clock of the sink would miss most of its work: the time is that of the whole call.
    """
    path = folder / "message.eml"
    path.write_bytes(message)
    command = [sys.executable, "-m", "benchmarks.post_office"]
    environment = {**os.environ, **stack.env, "BATCH_SIZE": str(batch)}
    subprocess.run([*command, "prepare", str(path), str(POST_OFFICE_MAILS)], cwd=ROOT, env=environment, check=True)
    ended = subprocess.run(
        [*command, "send", str(path), str(PROCESSES)],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    rate_of(taken(folder, POST_OFFICE_MAILS), POST_OFFICE_MAILS)  # raises where some are missing
    return POST_OFFICE_MAILS / float(ended.stdout.split()[-1])


def memory_while_sending(stack: Stack, folder: Path) -> dict[int, float]:
    """Memory of the worker in MB by how many mails it has sent since, up to MANY.

    PSS counts what processes share in shares, so none of ours may run while it is read.
    """
    sizes, sent = {0: memory_of(stack.pid("worker"))[1]}, 0
    while sent < MANY:
        with StackProcess(stack) as inside:
            our_round(stack, inside, folder)
        sent += PEOPLE
        if sent >= len(sizes) * MANY / READINGS:
            sizes[sent] = memory_of(stack.pid("worker"))[1]
    return sizes


def measure() -> list[str]:
    """Print messages a second, the median of the rounds with its spread, and the ratio to raw smtplib.

    Return the floors that are missed.
    """
    folder = Path(tempfile.mkdtemp())
    with (
        sink(folder) as port,
        Stack(durable=True, template=template(), env={"EMAIL_URL": f"smtp://127.0.0.1:{port}"}) as stack,
    ):
        stack.prepare()
        rates: dict[str, list[float]] = {name: [] for name in (RAW, AS_IT_COMES, ONE_BATCH, OURS)}
        with StackProcess(stack) as inside:
            inside.call("benchmarks.inside.reminders.make_due_people", people=PEOPLE, items=ITEMS)
            stack.start("worker")
            _, message = our_round(stack, inside, folder)  # warm
            for _ in range(ROUNDS):
                rates[RAW].append(raw_round(folder, port, message))
                rates[AS_IT_COMES].append(post_office_round(stack, folder, message, batch=100))
                rates[ONE_BATCH].append(post_office_round(stack, folder, message, batch=POST_OFFICE_MAILS))
                rates[OURS].append(our_round(stack, inside, folder)[0])
        sizes = memory_while_sending(stack, folder)
    mails = f"Mails of {len(message)} bytes with {ITEMS} items, {PROCESSES} processes"
    print_rates(f"{mails}, median of {ROUNDS} rounds of {PEOPLE}", "mails/s", rates)
    print("\nMemory of the worker with all its processes (PSS)\n")
    for count, megabytes in sizes.items():
        print(f"after {count:>7,} more mails{megabytes:>8.1f} MB")
    return missed_floors(rates)


def missed_floors(rates: dict[str, list[float]]) -> list[str]:
    """Return which floors the rates miss, by their medians."""
    ours = statistics.median(rates[OURS])
    return [
        f"sending: {ours / other:.2f} of {name}, at least {floor}"
        for name, floor in FLOORS.items()
        if ours < floor * (other := statistics.median(rates[name]))
    ]
