"""Ranking every occupation for one person, the results page, and the occupation search, at the full catalogue.

The full O*NET catalogue is loaded from ../shared/data where that folder is there, else the starter set stands in;
the table says which. Times are of the code inside the web process; the page over HTTP is there as well.
"""

import json
import statistics
from pathlib import Path

from benchmarks.tables import p95
from benchmarks.web_pages import ask
from careerplan.local.stack import Stack

FOLDERS = ("../shared/data", "../../shared/data")
ARCHIVE = "onet/db_29_3_text.zip"
SECONDS = 5.0

FILL = """
import json, random
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from accounts.models import User
from careerplan.catalogue.models import Occupation
from careerplan.skills import services
from careerplan.skills.models import Assessment
from careerplan.skills.queries.draft import load_wizard
now, chance = timezone.now(), random.Random(1)
user = User.objects.create_user("ranked@example.org", name="Ruth", time_zone="Europe/London")
target = Occupation.objects.get(code="11-9111.00")
for run in range(2):
    draft = services.start_assessment(user=user, mode=Assessment.Mode.FULL, now=now)
    changes = {"career_stage": "promotion", "current_role": "Nurse", "target_occupation": target}
    services.save_direction(assessment=draft, changes=changes, now=now)
    services.save_education(assessment=draft, changes={"level": "bachelor", "enough": "yes"}, now=now)
    levels = {skill.pk: chance.randint(0, 5) for skill in load_wizard(draft).answers.skills}
    services.save_ratings(assessment=draft, levels=levels, now=now)
    sorting = {pk: services.VerdictChange("neither", "") for pk in levels}
    services.save_verdicts(assessment=draft, sorting=sorting, now=now)
    services.choose_skills_to_learn(assessment=draft, wanted=set(), now=now)
    services.finish_assessment(assessment=draft, now=now, today=now.date())
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session['signed_in_at'] = int(now.timestamp())
session.save()
print(json.dumps([settings.SESSION_COOKIE_NAME, session.session_key]))
"""

MEASURE = """
import json, time
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from accounts.models import User
from careerplan.catalogue.models import Occupation, OccupationNeed, OccupationTitle
from careerplan.catalogue.queries import search_occupations
from careerplan.dashboard import views
from careerplan.skills.queries.draft import latest_assessment
from careerplan.skills.queries.comparison import rank_occupations
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")
user = User.objects.get(email="ranked@example.org")
target = latest_assessment(user).target_occupation_id
levels = dict(latest_assessment(user).ratings.values_list("skill_id", "level"))
request = RequestFactory().get("/skills/results/")
request.user = user
words = ["nurse", "software developer", "electrcian", "manager of a ward", "teach", "engineer civil", "carer", "x",
         "data scientist", "police", "kok", "marketing", "plumber apprentice", "social wroker", "driver lorry", "cfo"]
tasks = {
    "rank all occupations": [lambda: rank_occupations(levels, target_id=target)],
    "results page, whole view": [lambda: views.newest_results(request)],
    "occupation search": [lambda word=word: search_occupations(word) for word in words],
}
found = {}
for name, calls in tasks.items():
    times, queries = [], []
    for call in calls:
        call()
        with CaptureQueriesContext(connection) as captured:
            call()
        queries.append(len(captured))
    for _ in range(50 // len(calls) + 5):
        for call in calls:
            start = time.perf_counter()
            call()
            times.append(time.perf_counter() - start)
    found[name] = [min(queries), max(queries), times]
models = (Occupation, OccupationTitle, OccupationNeed)
print(json.dumps([[model.objects.count() for model in models], Occupation.objects.rated().count(), found]))
"""


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


def measure(stack: Stack) -> None:
    """Print a row for each, with the number of queries."""
    which = load_full(stack)
    cookie = "=".join(json.loads(stack.manage("shell", "-c", FILL).strip().splitlines()[-1]))
    rows, rated, found = json.loads(stack.manage("shell", "-c", MEASURE).strip().splitlines()[-1])
    occupations, titles, needs = rows
    print(f"\nSkill results at {which}: {occupations} occupations, {rated} rated, {titles} titles, {needs} needs\n")
    print(f"{'what':28}{'queries':>9}{'median ms':>11}{'p95 ms':>8}")
    for name, (least, most, times) in found.items():
        line(name, str(least) if least == most else f"{least}-{most}", times)
    ask(stack, "/skills/results/", cookie, 1.0)
    line("results page over HTTP", "", ask(stack, "/skills/results/", cookie, SECONDS))
