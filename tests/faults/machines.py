"""Three machines, one PostgreSQL, one Valkey, one mail server: one machine is cut off while it sends."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

from careerplan.local.processes import Service
from tests.faults.books import Books
from tests.faults.fleet import Fleet
from tests.faults.network import HUB, NETWORK, Machine, make_hub
from tests.faults.oracle import Person
from tests.faults.site_of_machines import check_site
from tests.faults.size import Size
from tests.faults.steps import begin
from tests.faults.world import World, wait_for

COUNT, PROCESSES = 3, 2
"""Machines, and processes of the worker on each."""
SECONDS, CUT_AT = 40, 0.2
"""How long sending would take at least, and after which share of the emails a machine loses the network."""
PASSWORD = "of-the-application"


class MachinesWorld(World):
    """A world whose servers listen in the network of the machines."""

    def __init__(self, *, seed: int = 1) -> None:
        super().__init__(seed=seed, sink_host=HUB)

    def __enter__(self) -> Self:
        make_hub()
        return super().__enter__()

    @contextmanager
    def machines(self) -> Iterator[list[Machine]]:
        """Put the servers into the network, and start machines in it."""
        servers, found = Fleet(self.stack.site.logs), [Machine(number) for number in range(COUNT)]
        try:
            self._open_servers(servers)
            for machine in found:
                machine.start()
            yield found
        finally:
            self.fleet.stop()
            for machine in found:
                machine.stop()
            servers.stop()

    def _open_servers(self, servers: Fleet) -> None:
        """Start PostgreSQL and Valkey again, with the address of the network beside their own."""
        site = self.stack.site
        opened = {service.name: service for service in site.base_services()}
        for name in ("postgres", "valkey"):
            self.stack.stop(name)
            opened[name].prepare()
        rules = Path(site.postgres.home) / "pg_hba.conf"
        rules.write_text(rules.read_text() + f"host all all {NETWORK} scram-sha-256\n")
        more = {
            "postgres": ("-c", f"listen_addresses={HUB}"),
            "valkey": ("--bind", "127.0.0.1", HUB),
        }
        servers.start(*(replace(opened[name], argv=(*opened[name].argv, *words)) for name, words in more.items()))
        wait_for(lambda: all(opened[name].ready() for name in more), 60)
        self.sql(f"ALTER ROLE careerplan_app PASSWORD '{PASSWORD}'", superuser=True)

    def services_of(self, machine: Machine) -> list[Service]:
        """Web, worker and scheduler of a machine."""
        site = self.stack.site
        env = {
            "DATABASE_URL": f"postgres://careerplan_app:{PASSWORD}@{HUB}:5432/careerplan",
            "REDIS_URL": site.valkey.url.replace("127.0.0.1", HUB),
            "EMAIL_URL": f"smtp://{HUB}:{self.smtp_port}",
            "WORKER_LIFE_FILE": str(site.run / f"life-{machine.number}"),
            "ALLOWED_HOSTS": f"localhost,{machine.address}",
        }
        web, worker, beat = site.product_services()
        schedule = str(self.stack.var / "celerybeat-schedule")
        places = {"127.0.0.1": machine.address, schedule: f"{schedule}-{machine.number}"}
        web, beat = (replace(each, argv=tuple(places.get(part, part) for part in each.argv)) for each in (web, beat))
        worker = replace(worker, argv=(*worker.argv, "-n", f"machine{machine.number}@%h"))
        return [machine.runs(service, env) for service in (web, worker, beat)]


def cut_off(world: MachinesWorld, size: Size) -> Books:
    """Everybody has an email due; one machine loses the network while it sends, and finds it again."""
    people = begin(world, size)
    lease = int(world.stack.env["REMINDER_LEASE_SECONDS"])
    with world.machines() as machines:
        world.sink(delay=SECONDS * COUNT * PROCESSES / len(people))
        since = time.time()
        for machine in machines:
            world.fleet.start(*world.services_of(machine))
        lost_one = machines[1]
        wait_for(
            lambda: len(world.reached()) > len(people) * CUT_AT and sent_by(world)[lost_one.address] > 0,
            60 + size.patience,
        )
        lost_one.cut_off()
        cut_at, sent_before = time.time(), sent_by(world)[lost_one.address]
        time.sleep(lease + 7)  # others take over what it had
        lost_one.connect()
        took = world.until_reached(people, size.patience)
        world.until_still(lease)
        books = books_of(world, people, since, lost_one, cut_at + lease)
        books.recovery = took
        books.notes["sent before it was cut off"] = sent_before
        for problem in check_site(world, machines):
            books.expect(False, problem)
    return books


def sent_by(world: World) -> Counter[str]:
    """How many emails came from each address."""
    return Counter(line["peer"] for line in world.lines("received"))


def books_of(world: World, people: list[Person], since: float, lost_one: Machine, back_at: float) -> Books:
    """The books, with what each machine sent."""
    books = world.books("machines", people, since)
    books.notes = {"by machine": "/".join(str(count) for _, count in sorted(sent_by(world).items()))}
    back = [line for line in world.lines("received") if line["peer"] == lost_one.address and line["t"] > back_at]
    books.notes["sent after it was back"] = len(back)
    books.expect(len(sent_by(world)) == COUNT, "every machine sends")
    # Those that were cut off; on a busy machine others may come back to a claim too late as well.
    books.expect(books.duplicates <= COUNT * PROCESSES, "at most one duplicate a process")
    return books
