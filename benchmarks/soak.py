"""A mixed load for minutes: people browse, edit and assess themselves, and get reminders (`make soak`).

Requests are started at a given rate, however long the answers take: a time counts from the moment at which its request
was due. The clients share the machine with the servers.
"""

import argparse
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue

from benchmarks.browser import Browser, Pacer
from benchmarks.growth import Growth, Memory
from benchmarks.tables import markdown, p95
from careerplan.local.stack import Stack
from tests.plugins.template import ensure_template
from tests.stack_process import StackProcess

CLIENTS = 24
PEOPLE = 30
SHARES = {"browse": 0.7, "edit": 0.2, "assess": 0.1}  # of visits; each edit and each answer is two requests
PEOPLE_OF_A_SITE = 5_000
REMINDED = 0.05  # people who get an email, a request
PAGES = ("/today/", "/goals/", "/goals/steps/", "/skills/", "/plan/", "/reminders/upcoming/", "/opportunities/")
WARM_SECONDS = 20
PAGE = Path(__file__).resolve().parents[1] / "docs" / "operating" / "limits.md"
MARK_BEGIN, MARK_END = "<!-- soak: written by make soak -->", "<!-- end of soak -->"


@dataclass
class Visit:
    """What people did: how long each request of a kind took in seconds, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in SHARES})
    done: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SHARES, 0))
    errors: list[str] = field(default_factory=list)


def browse(browser: Browser, chance: random.Random) -> None:
    """Open a page."""
    browser.get(chance.choice(PAGES))


def edit(browser: Browser, chance: random.Random) -> None:
    """Add a step in one line, or tick one off; somebody who has none left adds one."""
    page = browser.get("/goals/steps/") if chance.random() < 0.5 else None
    if page is None or b"/complete/" not in page.body:
        page = browser.get("/goals/steps/add/?line=Call+the+college+next+Friday+2h")
        browser.send(page, "/goals/steps/add/")
    else:
        browser.send(page, "/complete/")


def assess(browser: Browser, chance: random.Random) -> None:
    """Answer the questions of a page of the assessment, or change the answers."""
    page = browser.get("/skills/assessment/what-you-can-do/")
    browser.send(page, "/skills/assessment/", choose=chance.choice)


VISITS: dict[str, Callable[[Browser, random.Random], None]] = {"browse": browse, "edit": edit, "assess": assess}


def visit_until(end: float, browsers: "Queue[Browser]", found: Visit, lock: threading.Lock, seed: int) -> None:
    """One client: takes whoever has not been there for longest, and does something as this person."""
    chance = random.Random(seed)
    while time.monotonic() < end:
        kind = chance.choices(list(SHARES), list(SHARES.values()))[0]
        browser = browsers.get()
        try:
            VISITS[kind](browser, chance)
        finally:
            times, errors = browser.take_results()
            browsers.put(browser)
            with lock:
                found.times[kind] += times
                found.errors += errors
                found.done[kind] += 1


def load(stack: Stack, browsers: "Queue[Browser]", pacer: Pacer, minutes: float, growth: Growth) -> Visit:
    """All clients at once, for minutes; the growth of memory is measured from when everything is warm."""
    found, lock = Visit(), threading.Lock()
    pacer.start()
    end = time.monotonic() + 60 * minutes
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(visit_until, end, browsers, found, lock, seed) for seed in range(CLIENTS)]
        time.sleep(min(WARM_SECONDS, 15 * minutes))
        growth.memory = [Memory.of(stack)]
        for before_end in (30 * minutes, 1.0):  # what fills up once does so in the first half
            time.sleep(max(0.0, end - time.monotonic() - before_end))
            growth.memory.append(Memory.of(stack))
        for client in clients:
            client.result()
    return found


@contextmanager
def running(pacer: Pacer, minutes: float) -> Iterator[tuple[Stack, "Queue[Browser]"]]:
    """The whole product with people in it, each signed in and with a reminder due at some time of the run."""
    with Stack(durable=True, template=ensure_template(), web_workers=2) as stack:
        stack.prepare()
        browsers = Queue[Browser]()
        with StackProcess(stack) as inside:
            for cookies in inside.call("benchmarks.inside.soaking.make_people", count=PEOPLE):
                browsers.put(Browser(stack.port, cookies, pacer))
            count = round(pacer.rate * minutes * 60 * REMINDED)
            inside.call("benchmarks.inside.soaking.make_reminded", count=count, seconds=60 * minutes)
        stack.start("web", "worker", "beat")
        yield stack, browsers


def tables(found: Visit, growth: Growth, seconds: float, rate: float, load: float) -> str:
    """Return what was measured as Markdown, as docs/operating/limits.md shows it."""
    count = sum(map(len, found.times.values()))
    rows = []
    for kind, times in found.times.items():
        row = sorted(1000 * one for one in times) or [0.0]
        rows.append((kind, f"{len(times):,}", f"{row[len(row) // 2]:,.0f}", f"{p95(row):,.0f}", f"{row[-1]:,.0f}"))
    cores, count_errors = len(os.sched_getaffinity(0)), len(found.errors)
    said = (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} for {seconds / 60:.1f} minutes: {count:,} requests, "
        f"{count / seconds:.1f} a second of the {rate:g} asked for, {count_errors} errors. {cores} cores with a "
        f"load of {load:.1f} before it, clients on the same machine, durable PostgreSQL.\n"
    )
    years = list(growth.year_rows())
    rows_a_year, kilobytes = (PEOPLE_OF_A_SITE * float(cell.replace(",", "")) for cell in years[-1][-2:])
    sums = f"{rows_a_year / 1e6:.1f} million rows and {kilobytes / 1e6:.1f} GB a year"
    return "\n".join(
        [
            said,
            markdown(("what", "requests", "median ms", "p95 ms", "most ms"), rows),
            markdown(
                ("service", "processes", "MB at first", "at half", "at the end", "an hour, by the second half"),
                growth.memory_rows(seconds),
            ),
            markdown(("in a year", "done here", "times a year", "rows", "kB"), years),
            f"So {PEOPLE_OF_A_SITE:,} people who come every week add about {sums}.\n",
        ]
    )


def write_into(page: Path, text: str) -> None:
    """Put what was measured between the marks of a page. Raises ValueError where they are missing."""
    before, _, rest = page.read_text().partition(MARK_BEGIN)
    _, mark, after = rest.partition(MARK_END)
    if not mark:
        raise ValueError(f"{page.name} has no marks for the soak")
    page.write_text(f"{before}{MARK_BEGIN}\n\n{text}\n{MARK_END}{after}")


def soak(rate: float, minutes: float, *, page: Path | None = None) -> int:
    """Run, print the tables and write them into a page; return 1 where a request failed."""
    pacer, machine_load = Pacer(rate), os.getloadavg()[0]
    with running(pacer, minutes) as (stack, browsers):
        growth = Growth(stack)
        started = time.monotonic()
        found = load(stack, browsers, pacer, minutes, growth)
        seconds = time.monotonic() - started
        growth.finish(found.done)
    text = tables(found, growth, seconds, rate, machine_load)
    print(f"\n{text}")
    print(f"Errors: {len(found.errors)} {sorted(set(found.errors))[:5]}")
    if page:
        write_into(page, text)
    return int(bool(found.errors))


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--rate", type=float, default=30, help="requests a second (30)")
    parser.add_argument("--minutes", type=float, default=30, help="how long (30)")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/operating/limits.md")
    options = parser.parse_args()
    return soak(options.rate, options.minutes, page=PAGE if options.write else None)


if __name__ == "__main__":
    raise SystemExit(main())
