"""The files that the product writes and reads. Peak memory is the kernel's figure: each call needs a fresh process."""

import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.test import RequestFactory
from django.utils import timezone

from accounts.models import User
from benchmarks.inside.people import make_long_plan
from careerplan.account_data import services
from careerplan.account_data.exporter import write_export
from careerplan.calendar_feed import queries as feed_queries
from careerplan.calendar_feed import services as feed_services
from careerplan.calendar_feed.views import feed as feed_view
from careerplan.plan_document.document import SHORT, Document
from careerplan.plan_document.pdf import render_pdf
from careerplan.plan_document.queries import build_document
from careerplan.plan_document.services import render_word
from careerplan.plan_document.views import document_page
from careerplan.plans.models import Plan

DEMO_EMAIL = "ruth.adeyemi@example.org"


def peak(who: int = resource.RUSAGE_SELF) -> float:
    """The most memory so far, in MB."""
    return resource.getrusage(who).ru_maxrss / 1024


def write_account(*, email: str, path: str) -> tuple[int, float, float]:
    """Write the file of an account: entries, seconds, and MB beyond what the process had before."""
    user = User.objects.get(email=email)
    before, begun = peak(), time.perf_counter()
    with Path(path).open("wb") as out:
        rows = write_export(user, out, now=timezone.now())
    return rows, time.perf_counter() - begun, peak() - before


def read_account(*, email: str, path: str) -> tuple[int, float, float]:
    """Read a file into a new account: entries, seconds without the preview, and MB beyond what the process had."""
    User.objects.count()
    before = peak()
    user = User.objects.create_user(email, name="Ruth", time_zone="Europe/London")
    with Path(path).open("rb") as content:
        summary = services.preview_import(user=user, content=content, now=timezone.now())
        file = services.store_import(user=user, content=content, summary=summary, now=timezone.now())
    begun = time.perf_counter()
    rows = sum(services.finish_import(file=file, now=timezone.now()).counts.values())
    return rows, time.perf_counter() - begun, peak() - before


def feed_costs(*, email: str, rounds: int) -> tuple[dict[str, tuple[list[float], list[float], int]], float]:
    """CPU seconds, seconds and bytes of a whole feed and of an unchanged one; MB beyond what the process had."""
    feed = feed_queries.feed_for(User.objects.get(email=email))
    token = feed_services.make_address(feed=feed, now=timezone.now())
    before, found, headers = peak(), {}, {}
    for name, status in (("all of it", 200), ("nothing changed", 304)):
        used, seconds = [], []
        for turn in range(rounds + 1):
            request = RequestFactory().get("/", headers=headers)
            begun, cpu = time.perf_counter(), time.process_time()
            answer = feed_view(request, token=token)
            assert answer.status_code == status
            if turn:  # the first only warms up
                used.append(time.process_time() - cpu)
                seconds.append(time.perf_counter() - begun)
        found[name] = used, seconds, len(answer.content)
        headers = {"if-none-match": answer.headers["ETag"]}
    return found, peak() - before


def document_costs(
    *, goals: int, steps: int, demo_rounds: int, long_rounds: int
) -> tuple[dict[str, dict[str, dict[str, Any]]], float, float]:
    """CPU seconds, seconds and bytes by plan and form; peak MB of the typesetter's process and of this one."""
    demo = Plan.objects.get(user__email=DEMO_EMAIL)
    found = {
        "demo plan": _document_costs(demo, demo_rounds),
        "300 goals, 3,000 steps": _document_costs(make_long_plan(goals=goals, steps=steps), long_rounds),
    }
    return found, peak(resource.RUSAGE_CHILDREN), peak()


def _document_costs(plan: Plan, rounds: int) -> dict[str, dict[str, Any]]:
    request = RequestFactory().get("/document/")
    request.user = plan.user

    def page() -> bytes:
        answer = document_page(request, pk=plan.pk)
        assert answer.status_code == 200
        return answer.content

    def built() -> Document:
        return build_document(plan, SHORT, timezone.now())

    forms: dict[str, Callable[[], bytes]] = {
        "page": page,
        "PDF": lambda: render_pdf(built()),
        "Word": lambda: render_word(built()),
    }
    rows: dict[str, dict[str, Any]] = {name: {"cpu": [], "seconds": []} for name in forms}
    for turn in range(rounds + 1):
        for name, make in forms.items():
            begun, cpu = time.perf_counter(), _cpu()
            made = make()
            if turn:  # the first only warms up
                rows[name]["cpu"].append(_cpu() - cpu)
                rows[name]["seconds"].append(time.perf_counter() - begun)
            rows[name]["bytes"] = len(made)
    return rows


def _cpu() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in both)
