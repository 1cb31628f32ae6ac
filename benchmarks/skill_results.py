"""The results, the public pages of occupations, their search and ranking, at the full catalogue.

The full O*NET catalogue is loaded from ../shared/data where that folder is there, else the starter set stands in;
the table says which. A page makes as many queries with the starter set as with the full catalogue, and costs at most
MOST_TIMES of the CPU of the bare signed-in page. Times of functions are of the code inside the web process;
searching is one of them, because a client may ask for only so many searches. So are first visits of a day, whose
results are not kept yet: they too cost at most MOST_TIMES of the bare page that is asked for in between.
"""

import statistics
from pathlib import Path

from benchmarks.tables import p95
from benchmarks.web_pages import BARE, BARE_PATH, FirstVisit, costs, show, sign_in
from careerplan.local.stack import Stack
from tests.stack_process import StackProcess

FOLDERS = ("../shared/data", "../../shared/data")
ARCHIVE = "onet/db_29_3_text.zip"
CALLS, SEARCHES, FIRST_VISITS = 55, 8, 40  # of each page; of each text that is searched for; of each page of results
EMAIL = "ranked@example.org"
RESULTS = {
    "results, strengths": "/skills/results/",
    "results, gaps": "/skills/results/gaps/",
    "results, occupations": "/skills/results/occupations/",
    "results, all ratings": "/skills/results/ratings/",
}
PAGES = {
    **RESULTS,
    "fields": "/occupations/",
    "field": "/occupations/health/",
    "occupation": "/occupations/health/registered-nurse-29-1141/",
}
RANKING = "rank all occupations, CPU"
MOST_TIMES, MOST_SECONDS = 8, 0.050


def load_full(stack: Stack) -> str:
    """Load the full O*NET release where it is; gives what the catalogue is then."""
    for folder in map(Path, FOLDERS):
        archive = folder / ARCHIVE
        if archive.is_file():
            stack.manage("load_occupations", str(archive.resolve()))
            return "O*NET 29.3"
    return "the starter set (the shared data is not here)"


def line(name: str, queries: str, times: list[float]) -> None:
    """One row: the median and the 95th percentile in ms."""
    print(f"{name:35}{queries:>9}{statistics.median(times) * 1000:>11.1f}{p95(times) * 1000:>8.1f}")


def measure(stack: Stack, inside: StackProcess) -> list[str]:
    """Print a row for each, with the number of queries. Return the floors that are missed."""
    inside.call("benchmarks.inside.people.make_assessed_person", email=EMAIL)
    cookie = sign_in(inside, EMAIL)
    pages = {BARE: BARE_PATH, **PAGES}
    counting = {"paths": list(pages.values()), "cookie": cookie}
    starter = inside.call("benchmarks.inside.pages.count_queries", **counting)
    which = load_full(stack)
    size = inside.call("benchmarks.inside.pages.catalogue_size")
    full = inside.call("benchmarks.inside.pages.count_queries", **counting)
    times = inside.call("benchmarks.inside.pages.skill_result_times", email=EMAIL, calls=CALLS, searches=SEARCHES)
    print(f"\nResults and occupations at {which}: {', '.join(f'{count} {name}' for name, count in size.items())}\n")
    print(f"{'what':35}{'queries':>9}{'median ms':>11}{'p95 ms':>8}")
    for name, (least, most, found) in times.items():
        line(name, str(least) if least == most else f"{least}-{most}", found)
    first = first_visits(stack, inside, cookie)
    cpu = costs(stack, pages, cookie)
    show(f"{size['occupations']:,} occupations", cpu, {name: full[path] for name, path in pages.items()}, {})
    return [
        *(f"{name}: {starter[path][0]} queries, then {full[path][0]}" for name, path in PAGES.items()
          if starter[path][0] != full[path][0]),
        *_too_expensive({name: cpu[name].cpu / cpu[BARE].cpu for name in PAGES}),
        *_too_expensive({f"first visit, {name}": found.times for name, found in first.items()}),
        *_too_slow(times[RANKING][2]),
    ]  # fmt: skip


def first_visits(stack: Stack, inside: StackProcess, cookie: str) -> dict[str, FirstVisit]:
    """Print what the first visit of a day costs of each page of results."""
    found: dict[str, FirstVisit] = inside.call(
        "benchmarks.inside.pages.first_visits",
        paths=list(RESULTS.values()),
        bare=BARE_PATH,
        cookie=cookie,
        postgres=stack.pid("postgres"),
        times=FIRST_VISITS,
    )
    print(f"\nFirst visit of a day; CPU in ms, {FIRST_VISITS} visits in turn with the bare page\n")
    print(f"{'page':35}{'queries':>9}{'web':>8}{'database':>10}{'bare':>8}{'of bare':>9}")
    for name, path in RESULTS.items():
        one = found[path]
        print(f"{name:35}{one.queries:>9}{1000 * one.web:>8.1f}{1000 * one.database:>10.1f}{1000 * one.bare:>8.1f}"
              f"{one.times:>9.1f}")  # fmt: skip
    return {name: found[path] for name, path in RESULTS.items()}


def _too_expensive(times: dict[str, float]) -> list[str]:
    return [
        f"{name}: {found:.1f} times the bare page's CPU, at most {MOST_TIMES}"
        for name, found in times.items()
        if found > MOST_TIMES
    ]


def _too_slow(times: list[float]) -> list[str]:
    median = statistics.median(times)
    return [f"{RANKING}: {median * 1000:.0f} ms, at most {MOST_SECONDS * 1000:.0f}"] if median > MOST_SECONDS else []
