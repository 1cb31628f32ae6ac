"""Requests per second of the goal list, beside a bare signed-in page, interleaved in one run.

The bare page needs the session and the user and nothing else, so the ratio says what the list itself costs.
Two clients with kept-open connections ask as fast as they are answered; they share the machine with the servers.
"""

import http.client
import json
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from careerplan.local.stack import Stack

GOALS = 100
CLIENTS = 2
ROUNDS, SECONDS = 5, 3.0
PAGES = {"bare signed-in page": "/privacy/", f"goal list, {GOALS} goals": "/goals/", "Today": "/today/"}

FILL = """
import datetime, json, uuid
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from accounts.models import User
from careerplan.goals import services
from careerplan.goals.models import Goal
now = timezone.now()
user = User.objects.create_user("bench@example.org", name="Ruth", time_zone="Europe/London")
for n in range({goals}):
    goal = services.create_goal(
        user=user, form_key=uuid.uuid4(), data=services.GoalData(
            area=["personal", "professional"][n % 2], title=f"Goal {{n}}", why="",
            measure=services.Measure(kind=Goal.MeasureKind.YES_NO, done_when="It is there"),
            starts_on=now.date(), due_on=now.date() + datetime.timedelta(days=90 + n)),
        first_step=services.StepData(title="First step", due_on=now.date() + datetime.timedelta(days=n)), now=now,
    )
    for m in range(9):
        step = services.StepData(title=f"Step {{m}}", due_on=goal.due_on)
        services.add_step(goal=goal, step=step, form_key=uuid.uuid4(), now=now)
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session['signed_in_at'] = int(now.timestamp())
session.save()
print(json.dumps([settings.SESSION_COOKIE_NAME, session.session_key]))
"""


@contextmanager
def running_stack() -> Iterator[Stack]:
    """Everything `make run` runs, with data that are written to disk, on free ports."""
    with Stack(durable=True) as stack:
        stack.prepare()
        stack.start("web", "worker", "beat")
        yield stack


def sign_in(stack: Stack) -> str:
    """Fill in somebody's goals; gives the cookie of a browser in which they are signed in."""
    out = stack.manage("shell", "-c", FILL.format(goals=GOALS))
    name, key = json.loads(out.strip().splitlines()[-1])
    return f"{name}={key}"


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


def one_round(stack: Stack, path: str, cookie: str) -> tuple[float, list[float]]:
    """Requests per second of all clients together, and the time of each request."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        runs = list(pool.map(lambda _: ask(stack, path, cookie, SECONDS), range(CLIENTS)))
    times = [one for run in runs for one in run]
    return len(times) / SECONDS, times


def measure(stack: Stack) -> None:
    """Print a row a page: the median of the rounds with its spread, and the ratio to the bare page."""
    cookie = sign_in(stack)
    rates: dict[str, list[float]] = {name: [] for name in PAGES}
    times: dict[str, list[float]] = {name: [] for name in PAGES}
    for path in PAGES.values():
        ask(stack, path, cookie, 0.5)  # templates are compiled, connections are open
    for _ in range(ROUNDS):
        for name, path in PAGES.items():
            rate, took = one_round(stack, path, cookie)
            rates[name].append(rate)
            times[name].extend(took)
    bare = statistics.median(next(iter(rates.values())))
    print(f"\nPages, {CLIENTS} clients, median of {ROUNDS} interleaved rounds of {SECONDS:.0f} s\n")
    print(f"{'page':24}{'requests/s':>12}{'spread':>14}{'of bare':>9}{'median ms':>11}{'p95 ms':>8}")
    for name, found in rates.items():
        rate, took = statistics.median(found), times[name]
        spread = f"{min(found):.0f}-{max(found):.0f}"
        p95 = statistics.quantiles(took, n=20)[-1]
        middle = statistics.median(took)
        row = f"{name:24}{rate:>12.0f}{spread:>14}{rate / bare:>9.2f}{middle * 1000:>11.1f}{p95 * 1000:>8.1f}"
        print(row)
