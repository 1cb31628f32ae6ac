"""One Careerplan under test: servers, workers, schedulers and a mail server."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import psycopg

from careerplan.local.processes import ROOT, Service, popen_arguments
from careerplan.local.servers import free_port
from tests.faults.books import Books
from tests.faults.fleet import Fleet, send_all, with_children
from tests.faults.letters import Letter
from tests.faults.oracle import Person
from tests.plugins.template import template
from tests.stack_process import StackProcess
from tests.warm_processes import WarmStack

# Everything waits shorter than in production (20, 10, 60 and 100 s). The lease has room for 3 commands, the message and
# the 6 seconds that a sender waits for the database.
SHORT_WAITS = {
    "SCHEDULER_SECONDS": "2",
    "EMAIL_TIMEOUT_SECONDS": "1",
    "EMAIL_FINAL_TIMEOUT_SECONDS": "3",
    "REMINDER_LEASE_SECONDS": "13",
}
HOOKS = Path(__file__).parent / "hooks"
OWED = ("reminders_digest", "mentoring_mentoringemail")
"""Tables of emails that are owed: reminders, and emails about mentorships."""


class World:
    """A stack with the sink as its mail server. Use it in a with statement."""

    def __init__(
        self,
        *,
        env: Mapping[str, str] | None = None,
        seed: int = 1,
        durable: bool = False,
        sink_host: str = "127.0.0.1",
    ) -> None:
        self.seed, self.sink_host = seed, sink_host
        self._inside: StackProcess | None = None
        self.smtp_port, self.control_port = free_port(), free_port()
        own = {"EMAIL_URL": f"smtp://127.0.0.1:{self.smtp_port}", "LOG_LEVEL": "WARNING"}
        self.stack = WarmStack(env={**SHORT_WAITS, **own, **(env or {})}, durable=durable, template=template())

    def __enter__(self) -> Self:
        self.stack.__enter__()
        self.books_dir = self.stack.var / "books"
        self.books_dir.mkdir()
        argv = ["-m", "tests.faults.sink", "--port", str(self.smtp_port), "--control", str(self.control_port)]
        argv += ["--dir", str(self.books_dir), "--seed", str(self.seed), "--host", self.sink_host]
        sink = Service("sink", (sys.executable, *argv), dict(os.environ), cwd=ROOT)
        with (self.stack.site.logs / "sink.log").open("ab") as log:
            self._sink = subprocess.Popen(sink.argv, stdout=log, stderr=subprocess.STDOUT, **popen_arguments(sink))
        self.fleet = Fleet(self.stack.site.logs, self.stack.open_process)
        try:
            self.stack.prepare()
            wait_for(lambda: self._answers(self.control_port), 20)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.fleet.stop()
        if self._inside is not None:
            self._inside.__exit__()
        self._sink.kill()
        self._sink.wait()
        self.stack.close()

    # --- what there is to do ---

    @property
    def inside(self) -> StackProcess:
        """A process that calls functions of the application: the oracle and this one use none of it."""
        if self._inside is None:
            self._inside = StackProcess(self.stack, env={"STATEMENT_TIMEOUT_SECONDS": "0"})
        return self._inside

    def load(self, people: list[Person | Letter]) -> None:
        """Put people into the database."""
        self.inside.call("tests.faults.load.load_all", people=[person.as_row() for person in people])

    def empty(self) -> None:
        """End what runs; forget all users and received emails."""
        self.new_fleet()
        self.sql("TRUNCATE accounts_user CASCADE")
        for path in self.books_dir.glob("*.jsonl"):
            os.truncate(path, 0)

    def new_fleet(self) -> None:
        """End what runs; nothing of it is started again."""
        self.fleet.stop()
        self.fleet = Fleet(self.stack.site.logs, self.stack.open_process)

    def workers(self, count: int, *, extra: Mapping[str, str] | None = None) -> list[Service]:
        """So many workers of two processes each."""
        [service] = [one for one in self.stack.site.product_services() if one.name == "worker"]
        env = {**service.env, **(extra or {})}
        return [
            replace(service, name=f"worker-{number}", argv=(*service.argv, "-n", f"w{number}@%h"), env=env)
            for number in range(count)
        ]

    def beats(self, count: int, *, extra: Mapping[str, str] | None = None) -> list[Service]:
        """So many schedulers, each with a table of its own."""
        [service] = [one for one in self.stack.site.product_services() if one.name == "beat"]
        beats = []
        for number in range(count):
            argv = list(service.argv)
            argv[argv.index("--schedule") + 1] = str(self.stack.var / f"beat-{number}")
            beats.append(
                replace(service, name=f"beat-{number}", argv=tuple(argv), env={**service.env, **(extra or {})})
            )
        return beats

    def sink(self, **order: object) -> None:
        """Tell the mail server how to behave."""
        with socket.create_connection(("127.0.0.1", self.control_port), timeout=10) as connection:
            connection.sendall(json.dumps(order).encode() + b"\n")
            if connection.recv(10) != b"ok\n":
                raise RuntimeError("the sink does not obey")

    def sql(self, statement: str, *values: object, superuser: bool = False) -> list[tuple]:
        """A statement of the scenario's own; rows where there are any."""
        url = self.stack.env["DATABASE_URL"]
        user = {"user": "postgres"} if superuser else {}
        with psycopg.connect(url, autocommit=True, **user) as connection:
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def change(self, what: str, address: str) -> float:
        """Do one of CHANGES (change.py) for an address, as a user of the product; return the time of the commit."""
        return self.inside.call("tests.faults.change.change", what=what, address=address)

    @contextmanager
    def held(self, table: str) -> Iterator[None]:
        """Lock a table: other transactions wait for it, and all continue at once afterwards."""
        with psycopg.connect(self.stack.env["DATABASE_URL"]) as connection:
            connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield

    def until_waiting(self, rounds: list[subprocess.Popen[bytes]]) -> None:
        """Until each of these waits for a lock, or has ended."""
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"

        def are_there() -> bool:
            ended = sum(one.poll() is not None for one in rounds)
            return self.sql(waiting, superuser=True)[0][0] + ended >= len(rounds)

        wait_for(are_there, 300)

    def command(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A management command that runs by itself."""
        argv = [sys.executable, "manage.py", *arguments]
        env = self.stack.env | {"STATEMENT_TIMEOUT_SECONDS": "0"}
        with (self.stack.site.logs / "commands.log").open("ab") as log:
            return subprocess.Popen(argv, env=env, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)

    def manage(self, *arguments: str, given: bytes = b"") -> str:
        """A management command; return what it says."""
        return self.inside.call("tests.faults.change.manage", arguments=arguments, given=given)

    def rename(self, old: str, new: str) -> None:
        """Give someone another address."""
        self.sql("UPDATE accounts_user SET email = %s WHERE email = %s", new, old)
        self.sql("UPDATE account_emailaddress SET email = %s WHERE email = %s", new, old)

    def bounce(self, addresses: list[str]) -> int:
        """Send the emails of these addresses back, as a mail server on their way would; return how many counted."""
        ids = {line["rcpt"]: line["id"] for line in self.lines("received")}
        said = [self.manage("reminders", "bounced", given=bounce_of(ids[one])) for one in addresses if one in ids]
        return sum(one.startswith("Counted") for one in said)

    @contextmanager
    def silent_database(self) -> Iterator[None]:
        """Stop every process of the database, with its sockets open, and let them go on."""
        stopped = with_children(self.stack.pid("postgres"))
        send_all(stopped, signal.SIGSTOP)
        try:
            yield
        finally:
            send_all(stopped, signal.SIGCONT)

    # --- what became of it ---

    def misdeeds(self, kind: str) -> list[dict]:
        """What the sink did of a kind."""
        return [line for line in self.lines("faults") if line["kind"] == kind]

    def lines(self, name: str) -> list[dict]:
        """What the sink wrote into one of its books; a line that is just being written is not read yet."""
        path = self.books_dir / f"{name}.jsonl"
        if not path.exists():
            return []
        whole, _end, _half = path.read_text().rpartition("\n")
        return [json.loads(line) for line in whole.splitlines() if line]

    def reached(self) -> set[str]:
        """Addresses that got a mail."""
        return {line["rcpt"] for line in self.lines("received")}

    def until_reached(self, people: list[Person | Letter], seconds: float) -> float:
        """Wait until all due emails have arrived or the time is over; return how long it took."""
        start, due = time.monotonic(), {person.address for person in people if person.is_due}
        while time.monotonic() - start < seconds and not due <= self.reached():
            time.sleep(0.2)
        return time.monotonic() - start

    def until_still(self, seconds: float = 3.0) -> None:
        """Wait until nothing has arrived for some seconds."""
        count, since = -1, time.monotonic()
        while time.monotonic() - since < seconds:
            now = len(self.lines("received"))
            if now != count:
                count, since = now, time.monotonic()
            time.sleep(0.2)

    def books(self, name: str, people: list[Person | Letter], since: float) -> Books:
        """Compare what arrived with what was due from the moment `since` (time.time) on."""
        due = {person.address: person for person in people if person.is_due}
        received = self.lines("received")
        books = Books(name, len(due))
        times = Counter(line["id"] for line in received)
        first: dict[str, float] = {}
        for line in received:
            first.setdefault(line["rcpt"], line["t"])
            person = due.get(line["rcpt"])
            if person is None:
                books.early += 1
            elif line["to"] != line["rcpt"] or person.title not in line["subject"]:
                books.wrong += 1
        books.received = len(set(first) & set(due))
        books.lost = len(set(due) - set(first))
        books.duplicates = sum(times.values()) - len(set(first))
        uncertain_attempts = {
            str(key): count for table in OWED for key, count in self.sql(f"SELECT key, uncertain_attempts FROM {table}")
        }
        books.explained = sum(
            min(count - 1, uncertain_attempts.get(key.strip("<>").partition("@")[0], 0)) for key, count in times.items()
        )
        stamps = {(line["rcpt"], line["id"], line["date"]) for line in received}
        books.expect(len(stamps) == len(first), "one Message-ID and Date for one reminder")
        waits = sorted(at - since for address, at in first.items() if address in due)
        books.late_p99 = waits[int(0.99 * (len(waits) - 1))] if waits else 0.0
        books.expect(books.lost == 0, "nothing lost")
        books.expect(books.wrong == 0, "nothing to the wrong person")
        books.expect(books.early == 0, "nothing that was not due")
        books.expect(books.explained == books.duplicates, "every duplicate explained")
        return books

    @staticmethod
    def _answers(port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0


BOUNCE = """\
From: MAILER-DAEMON@mail.example.org
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; someone@example.org
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}

--b--
"""


def bounce_of(message_id: str) -> bytes:
    """A delivery status notification (RFC 3464) about an email."""
    return BOUNCE.format(message_id=message_id).encode()


def wait_for(condition: Callable[[], bool], seconds: float) -> None:
    """Look until something is so. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)


def utcnow() -> datetime:
    """The real time."""
    return datetime.now(UTC)
