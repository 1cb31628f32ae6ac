"""Pages and queries without HTTP: how many queries they make, how long they take, and where the time goes."""

import cProfile
import io
import pstats
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
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


def first_visits(*, paths: list[str], cookie: str, times: int) -> dict[str, tuple[int, list[float]]]:
    """Queries and seconds of each page for someone whose results this process has not made yet; all else is warm."""
    client = Client(SERVER_NAME="127.0.0.1", headers={"cookie": cookie})
    found = {}
    for path in paths:
        client.get(path)
        seconds = []
        for _ in range(times):
            result_cache._results.cache_clear()
            start = time.perf_counter()
            client.get(path)
            seconds.append(time.perf_counter() - start)
        result_cache._results.cache_clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        found[path] = len(queries), seconds
    return found


def profile(*, path: str, cookie: str, times: int, lines: int) -> str:
    """The functions with the most time of their own in so many requests, as pstats prints them."""
    application = get_wsgi_application()
    environ = RequestFactory(SERVER_NAME="127.0.0.1", headers={"cookie": cookie}).get(path).environ

    def ask() -> None:
        b"".join(application(dict(environ), lambda _status, _headers: None))

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
