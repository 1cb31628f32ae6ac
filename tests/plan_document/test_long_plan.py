"""The file of a long plan is made by a worker: once at a time, for its owner, for a day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from careerplan.core import jobs
from careerplan.plan_document import queries, services
from careerplan.plan_document.document import EVERYTHING, DocumentPart
from careerplan.plan_document.models import LIFETIME, PlanFile
from careerplan.plan_document.pdf import RenderFailed
from careerplan.plan_document.tasks import make_plan_files
from careerplan.plans.models import Plan
from tests.factories.data import make_ready_plan_file

pytestmark = pytest.mark.django_db
PAGE, CANCEL = "plan_document:file", "plan_document:file-cancel"
BEGINS = {"pdf": b"%PDF", "docx": b"PK"}


@pytest.fixture
def long_plan(rich_plan, monkeypatch):
    """A plan of more goals and steps than are made at once."""
    monkeypatch.setattr(queries, "IMMEDIATE_ENTRIES", queries.count_entries(rich_plan) - 1)
    return rich_plan


def ask_for(browser, plan, ending="pdf", query=""):
    return browser.post(f"{reverse('plan_document:file-request', args=[plan.pk])}{query}", {"ending": ending})


def file_on_page(browser):
    return browser.get(reverse(PAGE)).context["file"]


def test_only_a_long_plan_needs_a_worker(signed_in, rich_plan, monkeypatch):
    entries = queries.count_entries(rich_plan)
    assert entries == rich_plan.goals.count() + sum(goal.steps.count() for goal in rich_plan.goals.all())
    page, pdf = (reverse(f"plan_document:{name}", args=[rich_plan.pk]) for name in ("page", "pdf"))
    for most, is_long in ((entries, False), (entries - 1, True)):
        monkeypatch.setattr(queries, "IMMEDIATE_ENTRIES", most)
        assert (f'href="{pdf}"' not in signed_in.get(page).text) == is_long
        assert signed_in.get(pdf).status_code == (302 if is_long else 200)


@pytest.mark.parametrize("ending", BEGINS)
def test_file_is_made_by_a_worker_and_downloaded(signed_in, long_plan, ending):
    assert ask_for(signed_in, long_plan, ending, "?part=vision&part=steps").url == reverse(PAGE)
    file = file_on_page(signed_in)
    assert (file.is_waiting, file.is_being_made, set(file.parts)) == (True, False, {"vision", "steps"})
    assert signed_in.get(reverse("plan_document:file-download", args=[file.pk])).status_code == 404
    make_plan_files()
    make_plan_files()
    assert file_on_page(signed_in).is_ready
    response = signed_in.get(reverse("plan_document:file-download", args=[file.pk]))
    assert response.content.startswith(BEGINS[ending])
    assert f'.{ending}"' in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("ending", "query", "is_the_same"),
    [("pdf", "", True), ("docx", "", False), ("pdf", "?part=vision", False)],
)
def test_one_file_at_a_time_and_a_different_one_replaces_it(signed_in, long_plan, ending, query, is_the_same):
    ask_for(signed_in, long_plan, "pdf")
    first = services.claim_next(now=timezone.now())
    ask_for(signed_in, long_plan, ending, query)
    assert (file_on_page(signed_in).pk == first.pk) is is_the_same
    assert services.make_plan_file(file=first, clock=timezone.now) is is_the_same
    ask_for(signed_in, long_plan, "docx")
    assert (PlanFile.objects.get().ending, PlanFile.objects.get().state) == ("docx", "waiting")


def test_file_of_another_plan_replaces_the_one_that_waits(rich_plan):
    now = timezone.now()
    wanted = {"ending": PlanFile.Ending.PDF, "parts": EVERYTHING, "now": now}
    services.request_plan_file(plan=rich_plan, **wanted)
    archived = {"state": Plan.State.ARCHIVED, "archived_at": now}
    other = Plan.objects.create(user=rich_plan.user, title="Before", started_on=now.date(), **archived)
    assert services.request_plan_file(plan=other, **wanted).plan_id == other.pk
    assert PlanFile.objects.get().plan_id == other.pk


def test_cancelled_file_is_not_stored(signed_in, long_plan):
    ask_for(signed_in, long_plan)
    file = services.claim_next(now=timezone.now())
    assert file_on_page(signed_in).is_being_made
    signed_in.post(reverse(CANCEL))
    assert services.make_plan_file(file=file, clock=timezone.now) is False
    assert not PlanFile.objects.exists()
    assert signed_in.get(reverse(PAGE)).url == reverse("plan_document:own")


def test_run_that_takes_too_long_leaves_the_file_to_the_next(signed_in, long_plan, monkeypatch):
    ask_for(signed_in, long_plan)
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "RUN_LIMIT", timedelta())
        make_plan_files()
    assert not file_on_page(signed_in).is_being_made
    make_plan_files()
    assert file_on_page(signed_in).is_ready


def test_worker_that_died_is_followed_once_and_then_it_fails(signed_in, long_plan):
    ask_for(signed_in, long_plan)
    now = timezone.now()
    for attempt in range(services.MAX_ATTEMPTS):
        at = now + attempt * services.LEASE + timedelta(seconds=1)
        assert services.claim_next(now=at)
        assert services.claim_next(now=at) is None
    assert services.claim_next(now=now + 3 * services.LEASE) is None
    assert PlanFile.objects.get().state == PlanFile.State.FAILED


def test_failure_is_said_and_can_be_tried_again(signed_in, long_plan, monkeypatch):
    def fail(document):
        raise RenderFailed

    ask_for(signed_in, long_plan, "pdf", "?for=mentor")
    with monkeypatch.context() as patched:
        patched.setitem(services.RENDER, "pdf", fail)
        make_plan_files()
    page = signed_in.get(reverse(PAGE))
    assert 'role="alert"' in page.text
    assert ask_for(signed_in, long_plan, "pdf", page.context["file"].query).url == reverse(PAGE)
    make_plan_files()
    assert file_on_page(signed_in).is_ready


def test_file_is_for_its_owner_for_a_day(signed_in, other_user, long_plan):
    now = timezone.now()
    file = make_ready_plan_file(long_plan, now=now)
    address = reverse("plan_document:file-download", args=[file.pk])
    stranger = Client()
    stranger.force_login(other_user)
    assert (signed_in.get(address).status_code, stranger.get(address).status_code) == (200, 404)
    stranger.post(reverse(CANCEL))
    assert services.delete_expired(now=now + LIFETIME - timedelta(seconds=1)) == 0
    PlanFile.objects.update(requested_at=now - LIFETIME, expires_at=now - timedelta(seconds=1))
    assert signed_in.get(address).status_code == 404
    make_plan_files()
    assert not PlanFile.objects.exists()


@pytest.mark.parametrize("post", [{}, {"ending": "exe"}])
def test_unknown_kind_or_no_part_leads_back(signed_in, long_plan, post):
    address = reverse("plan_document:file-request", args=[long_plan.pk])
    page = reverse("plan_document:page", args=[long_plan.pk])
    assert signed_in.post(address, post).url.startswith(page)
    assert signed_in.post(f"{address}?chosen=1", {"ending": "pdf"}).url.startswith(page)
    assert not PlanFile.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"state": "done"}, "state_known"),
        ({"ending": "exe"}, "ending_known"),
        ({"state": "ready"}, "ready"),
        ({"content": b"x"}, "ready"),
        ({"parts": []}, "parts"),
        ({"parts": ["all"]}, "parts"),
        ({"expires_at": timezone.now() - timedelta(days=9)}, "expires_later"),
    ],
)
def test_the_database_refuses(rich_plan, wrong, rule):
    now = timezone.now()
    file = services.request_plan_file(plan=rich_plan, ending=PlanFile.Ending.PDF, parts=EVERYTHING, now=now)
    with pytest.raises(IntegrityError, match=f"plan_document_planfile_{rule}"), transaction.atomic():
        PlanFile.objects.filter(pk=file.pk).update(**wrong)
    with pytest.raises(IntegrityError, match="plan_document_planfile_user_id"), transaction.atomic():
        PlanFile.objects.bulk_create([PlanFile(**(vars_of(file) | {"user_id": file.user_id}))])


def vars_of(file):
    fields = [field.attname for field in PlanFile._meta.concrete_fields if field.name != "id"]
    return {name: getattr(file, name) for name in fields}


def test_every_part_can_be_stored(rich_plan):
    now = timezone.now()
    file = services.request_plan_file(plan=rich_plan, ending=PlanFile.Ending.WORD, parts=EVERYTHING, now=now)
    assert set(file.parts) == set(DocumentPart)
    assert QueryDict(file.query[1:]).getlist("part") == file.parts
