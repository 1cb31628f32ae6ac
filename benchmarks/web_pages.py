"""What Today, the list of goals and the page of a goal cost, beside a bare signed-in page, interleaved in one run.

The bare page needs the session and the user and nothing else, so the ratio says what the page itself costs. The
person has 100 goals and 1,000 steps; around them the database holds 100,000 goals of other people, then 1,000,000.
CPU is what the kernel counts for the web processes and for PostgreSQL's, so that it holds on a busy machine too;
two clients with kept-open connections ask as fast as they are answered and share the machine with the servers.
"""

import http.client
import os
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from benchmarks.population import PAGE_EMAIL, PAGE_GOALS, PAGE_STEPS, populate
from benchmarks.tables import p95
from careerplan.local.stack import Stack
from tests.plugins.template import template
from tests.stack_process import StackProcess

SIZES = (100_000, 1_000_000)  # goals in the database
CLIENTS, WEB_WORKERS = 2, 2
ROUNDS, SECONDS, WARM_SECONDS = 7, 2.0, 0.5
PROFILED = 300  # requests
BARE, BARE_PATH = "bare signed-in page", "/privacy/"
MOST_QUERIES, MOST_TIMES, MOST_BYTES, MOST_GROWTH = 8, 8, 60_000, 0.10  # what issue 4 aims at
TICK = 1000 / os.sysconf("SC_CLK_TCK")  # milliseconds, of the kernel's count of CPU


@dataclass
class Found:
    """What was measured of one page: figures a round, and the time of each request in seconds."""

    web: list[float] = field(default_factory=list)  # CPU milliseconds a request
    database: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)  # requests a second
    times: list[float] = field(default_factory=list)

    @property
    def cpu(self) -> float:
        """CPU a request, web and database together, in milliseconds: the median of the rounds.

        Not less than one tick of the kernel's count, spread over all requests: a tiny round has a ratio, too.
        """
        return max(statistics.median(map(sum, zip(self.web, self.database, strict=True))), TICK / len(self.times))


@dataclass(frozen=True, slots=True)
class FirstVisit:
    """What a page costs someone whose results this process has not made yet, and what the bare page cost beside it.

    CPU seconds a visit: of this thread (the median), and of PostgreSQL.
    """

    queries: int
    web: float
    database: float
    bare: float

    @property
    def times(self) -> float:
        """Return how many times the CPU of the bare page it costs."""
        return (self.web + self.database) / self.bare


@contextmanager
def running_stack() -> Iterator[Stack]:
    """Everything `make run` runs, with data that are written to disk, on free ports."""
    with Stack(durable=True, template=template(), web_workers=WEB_WORKERS) as stack:
        stack.prepare()
        stack.start("web", "worker", "beat")
        yield stack


def sign_in(inside: StackProcess, email: str) -> str:
    """The cookie header of a browser in which somebody is signed in."""
    cookie = inside.call("tests.browser.people.session_cookie", email=email)
    return f"{cookie['name']}={cookie['value']}"


def ask(stack: Stack, path: str, cookie: str, seconds: float) -> list[float]:
    """Ask for a page over one connection until the time is over; gives the time of each answer in seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=30)
    times: list[float] = []
    end = time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        connection.request("GET", path, headers={"Cookie": cookie})
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status} {body[:200]!r}")
        times.append(time.perf_counter() - start)
    connection.close()
    return times


def cpu_of(pid: int) -> float:
    """CPU seconds that a service has used, with all processes that it is."""
    first = psutil.Process(pid)
    used = 0.0
    for process in (first, *first.children(recursive=True)):
        times = process.cpu_times()
        used += times.user + times.system
    return used


def one_round(stack: Stack, path: str, cookie: str, found: Found) -> None:
    """All clients ask for a page; adds what it cost."""
    web, database, begun = cpu_of(stack.pid("web")), cpu_of(stack.pid("postgres")), time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        runs = list(pool.map(lambda _: ask(stack, path, cookie, SECONDS), range(CLIENTS)))
    times = [one for run in runs for one in run]
    found.rates.append(len(times) / (time.perf_counter() - begun))
    found.web.append(1000 * (cpu_of(stack.pid("web")) - web) / len(times))
    found.database.append(1000 * (cpu_of(stack.pid("postgres")) - database) / len(times))
    found.times.extend(times)


def costs(stack: Stack, pages: dict[str, str], cookie: str) -> dict[str, Found]:
    """Every page in turn, round after round: what slows the machine down slows them all."""
    found = {name: Found() for name in pages}
    for path in pages.values():
        ask(stack, path, cookie, WARM_SECONDS)  # templates are compiled, connections are open
    for _ in range(ROUNDS):
        for name, path in pages.items():
            one_round(stack, path, cookie, found[name])
    return found


def show(what: str, found: dict[str, Found], counted: dict[str, tuple[int, int]], before: dict[str, Found]) -> None:
    """One table; `what` is in the database."""
    bare = found[BARE].cpu
    print(f"\n{what} in the database; CPU in ms a request, medians of {ROUNDS} rounds of {SECONDS:.0f} s\n")
    print(
        f"{'page':22}{'web':>7}{'database':>10}{'both':>7}{'spread':>13}{'of bare':>9}{'growth':>8}"
        f"{'req/s':>7}{'median ms':>11}{'p95 ms':>8}{'queries':>9}{'bytes':>8}"
    )
    for name, one in found.items():
        both = [sum(pair) for pair in zip(one.web, one.database, strict=True)]
        growth = f"{one.cpu / before[name].cpu - 1:+.0%}" if before else ""
        queries, size = counted[name]
        print(
            f"{name:22}{statistics.median(one.web):>7.2f}{statistics.median(one.database):>10.2f}{one.cpu:>7.2f}"
            f"{f'{min(both):.2f}-{max(both):.2f}':>13}{one.cpu / bare:>9.2f}{growth:>8}"
            f"{statistics.median(one.rates):>7.0f}{statistics.median(one.times) * 1000:>11.1f}"
            f"{p95(one.times) * 1000:>8.1f}{queries:>9}{size:>8,}"
        )


def measure(stack: Stack, inside: StackProcess) -> list[str]:
    """Print a table for each size, what misses the aim, and where the time of Today goes."""
    before: dict[str, Found] = {}
    missed: list[str] = []
    print(f"\nPages of somebody with {PAGE_GOALS} goals and {PAGE_GOALS * PAGE_STEPS:,} steps, {CLIENTS} clients, "
          f"{os.cpu_count()} cores")  # fmt: skip
    for goals in SIZES:
        seconds = populate(stack, goals)
        print(f"\n(filled up to {goals:,} goals in {seconds:.0f} s)")
        cookie = sign_in(inside, PAGE_EMAIL)
        goal = inside.call("benchmarks.inside.pages.goal_address", email=PAGE_EMAIL)
        pages = {BARE: BARE_PATH, "Today": "/today/", "goal list": "/goals/", "goal": goal}
        by_path = inside.call("benchmarks.inside.pages.count_queries", paths=list(pages.values()), cookie=cookie)
        counted = {name: by_path[path] for name, path in pages.items()}
        found = costs(stack, pages, cookie)
        show(f"{goals:,} goals", found, counted, before)
        for name, one in found.items():
            queries, size = counted[name]
            if queries > MOST_QUERIES or one.cpu > MOST_TIMES * found[BARE].cpu or size > MOST_BYTES:
                missed.append(f"{name} at {goals:,} goals")
            if before and one.cpu / found[BARE].cpu > (1 + MOST_GROWTH) * before[name].cpu / before[BARE].cpu:
                missed.append(f"{name} grows by more than {MOST_GROWTH:.0%} beside the bare page")
        before = found
    aim = f"at most {MOST_QUERIES} queries, {MOST_TIMES} times the bare page's CPU, {MOST_BYTES:,} bytes"
    print(f"\nThe aim ({aim}) is {'missed by ' + '; '.join(missed) if missed else 'met'}.")
    for name in ("Today", "goal"):
        print(f"\nWhere the time of {name} goes: {PROFILED} requests under cProfile, by own time\n")
        print(inside.call("benchmarks.inside.pages.profile", path=pages[name], cookie=cookie, times=PROFILED, lines=14))
    return missed
