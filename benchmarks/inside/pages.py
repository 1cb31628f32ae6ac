"""Pages and queries without HTTP: how many queries they make, how long they take, and where the time goes."""

import cProfile
import io
import pstats
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from benchmarks.web_pages import FirstVisit, cpu_of
from careerplan.catalogue.models import Occupation, OccupationNeed, OccupationTitle
from careerplan.catalogue.queries import search_occupations
from careerplan.dashboard import views
from careerplan.goals.models import Goal
from careerplan.skills.queries import result_cache
from careerplan.skills.queries.draft import latest_assessment
from careerplan.skills.queries.occupation_matches import match_occupations
from careerplan.skills.queries.occupation_table import ranked_occupations

SEARCHES = (
    *("nurse", "software developer", "electrcian", "manager of a ward", "teach", "engineer civil", "carer", "x"),
    *("data scientist", "police", "kok", "marketing", "plumber apprentice", "social wroker", "driver lorry", "cfo"),
)


def goal_address(*, email: str) -> str:
    """The path of the 51st goal of somebody."""
    return Goal.objects.for_user(User.objects.get(email=email)).order_by("pk")[50].get_absolute_url()


def count_queries(*, paths: list[str], cookie: str) -> dict[str, tuple[int, int]]:
    """Queries and bytes of each page, asked for a second time."""
    client = Client(SERVER_NAME="127.0.0.1", headers={"cookie": cookie})
    found = {}
    for path in paths:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
        found[path] = len(queries), len(response.content)
    return found


def first_visits(*, paths: list[str], bare: str, cookie: str, postgres: int, times: int) -> dict[str, FirstVisit]:
    """First visits of each page, in turn with the `bare` one; all else is warm. `postgres`: its process."""
    return {path: _first_visit(path, bare, cookie, postgres, times) for path in paths}


def _first_visit(path: str, bare: str, cookie: str, postgres: int, times: int) -> FirstVisit:
    ask, ask_bare = _asking(path, cookie), _asking(bare, cookie)
    for warm in (ask_bare, ask, ask):
        warm()
    used: dict[Callable[[], None], tuple[list[float], list[float]]] = {ask_bare: ([], []), ask: ([], [])}
    for _ in range(times):
        result_cache._results.cache_clear()
        for page, (web, database) in used.items():
            database_before = cpu_of(postgres)
            start = time.thread_time()  # after it: reading what PostgreSQL used takes a while
            page()
            web.append(time.thread_time() - start)
            database.append(cpu_of(postgres) - database_before)
    # PostgreSQL's is counted in hundredths of a second, so only its sum says something.
    costs = [(statistics.median(web), statistics.fmean(database)) for web, database in used.values()]
    result_cache._results.cache_clear()
    with CaptureQueriesContext(connection) as queries:
        ask()
    return FirstVisit(len(queries), *costs[1], bare=sum(costs[0]))


def _asking(path: str, cookie: str) -> Callable[[], None]:
    """Return a function that has the application answer a request; the test client would add its own time."""
    application = get_wsgi_application()
    environ = RequestFactory(SERVER_NAME="127.0.0.1", headers={"cookie": cookie}).get(path).environ

    def ask() -> None:
        statuses: list[str] = []
        b"".join(application(dict(environ), lambda status, _headers: statuses.append(status)))
        if not statuses[0].startswith("200"):
            raise RuntimeError(f"{path}: {statuses[0]}")

    return ask


def profile(*, path: str, cookie: str, times: int, lines: int) -> str:
    """The functions with the most time of their own in so many requests, as pstats prints them."""
    ask = _asking(path, cookie)
    for _ in range(20):
        ask()
    with cProfile.Profile() as found:
        for _ in range(times):
            ask()
    out = io.StringIO()
    pstats.Stats(found, stream=out).strip_dirs().sort_stats("tottime").print_stats(lines)
    return out.getvalue()


def catalogue_size() -> dict[str, int]:
    """How many occupations, rated ones, titles and needs there are."""
    return {
        "occupations": Occupation.objects.count(),
        "rated": Occupation.objects.rated().count(),
        "titles": OccupationTitle.objects.count(),
        "needs": OccupationNeed.objects.count(),
    }


def skill_result_times(*, email: str, calls: int, searches: int) -> dict[str, tuple[int, int, list[float]]]:
    """The least and the most queries of a call, and the seconds of each call, by what is called."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as autovacuum would: a load leaves its titles in the lists of the indexes
    user = User.objects.get(email=email)
    assessment = latest_assessment(user)
    levels = dict(assessment.ratings.values_list("skill_id", "level"))
    request = RequestFactory().get("/skills/results/")
    request.user = user
    known = {pk: level for pk, level in levels.items() if level is not None}
    return {
        # The CPU time of this thread: it is arithmetic, and other processes must not count.
        "rank all occupations, CPU": _times(
            [lambda: match_occupations(ranked_occupations(), known)], calls, time.thread_time
        ),
        "results page, whole view": _times([partial(views.newest_results, request)], calls),
        "occupation search": _times([partial(search_occupations, words) for words in SEARCHES], searches),
    }


def _times(
    functions: list[Callable[[], Any]], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> tuple[int, int, list[float]]:
    times, queries = [], []
    for function in functions:
        function()
        with CaptureQueriesContext(connection) as captured:
            function()
        queries.append(len(captured))
    for _ in range(rounds):
        for function in functions:
            start = clock()
            function()
            times.append(clock() - start)
    return min(queries), max(queries), times
