"""Ranking every occupation for one person, the results page, and the occupation search, at the full catalogue.

The full O*NET catalogue is loaded from ../shared/data where that folder is there, else the starter set stands in;
the table says which. Times are of the code inside the web process; the page over HTTP is there as well.
"""

import statistics
from pathlib import Path

from benchmarks.tables import p95
from benchmarks.web_pages import ask, sign_in
from careerplan.local.stack import Stack
from tests.stack_process import StackProcess

FOLDERS = ("../shared/data", "../../shared/data")
ARCHIVE = "onet/db_29_3_text.zip"
SECONDS, WARM_SECONDS = 5.0, 1.0
CALLS, SEARCHES = 55, 8  # of each page; of each text that is searched for
EMAIL = "ranked@example.org"


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
    print(f"{name:28}{queries:>9}{statistics.median(times) * 1000:>11.1f}{p95(times) * 1000:>8.1f}")


def measure(stack: Stack, inside: StackProcess) -> None:
    """Print a row for each, with the number of queries."""
    which = load_full(stack)
    inside.call("benchmarks.inside.people.make_assessed_person", email=EMAIL)
    cookie = sign_in(inside, EMAIL)
    size = inside.call("benchmarks.inside.pages.catalogue_size")
    found = inside.call("benchmarks.inside.pages.skill_result_times", email=EMAIL, calls=CALLS, searches=SEARCHES)
    print(f"\nSkill results at {which}: {', '.join(f'{count} {name}' for name, count in size.items())}\n")
    print(f"{'what':28}{'queries':>9}{'median ms':>11}{'p95 ms':>8}")
    for name, (least, most, times) in found.items():
        line(name, str(least) if least == most else f"{least}-{most}", times)
    ask(stack, "/skills/results/", cookie, WARM_SECONDS)
    line("results page over HTTP", "", ask(stack, "/skills/results/", cookie, SECONDS))
