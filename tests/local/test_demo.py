"""The invented person's plan."""

from datetime import datetime, timedelta

import pypdfium2
import pytest
from django.db import IntegrityError

from accounts.models import User
from careerplan.dashboard.queries import today_page
from careerplan.local import demo
from careerplan.local.demo import load_demo, read_plan
from careerplan.plan_document.document import SHORT
from careerplan.plan_document.pdf import render_pdf
from careerplan.plan_document.queries import build_document, plans_for_document
from careerplan.plans.models import Plan
from careerplan.skills.models import Assessment
from tests.database import undone

pytestmark = pytest.mark.django_db

NOW = datetime.fromisoformat("2028-02-29T09:00:00+00:00")


@pytest.fixture(scope="module")
def loaded(shipped_catalogue, django_db_blocker):
    """The person, once for all tests of the module."""
    with django_db_blocker.unblock(), undone():
        yield load_demo(now=NOW)


def test_demo_plan_looks_the_same_on_every_day(loaded):
    page = today_page(loaded, NOW)
    assert page.hero.due_on == NOW.date() - timedelta(days=4)
    assert page.late == 1
    groups = {str(group.key): len(group.rows) + group.more for group in page.groups}
    assert (groups["week"], groups["unrated"], page.undated) == (4, 1, 1)
    assert len(page.timeline.lanes) == 5
    assert Plan.objects.get(user=loaded).title == "Ward manager within the year"
    assert Assessment.objects.for_user(loaded).finished().count() == 2


def test_loading_the_demo_again_replaces_only_the_demo(loaded, user):
    again = load_demo(now=NOW)
    assert again != loaded
    assert set(User.objects.all()) == {user, again}
    assert again.check_password(read_plan()["person"]["password"])


def test_the_short_document_of_the_demo_is_one_page(loaded):
    plan = plans_for_document(loaded).get(state=Plan.State.ACTIVE)
    made = render_pdf(build_document(plan, SHORT, NOW))
    assert len(pypdfium2.PdfDocument(made)) == 1


def test_loading_is_tried_again_where_the_scheduler_was_faster(loaded, monkeypatch):
    replace, calls = demo._replace_demo, []

    def refused_once(*, now):
        calls.append(now)
        if len(calls) == 1:
            raise IntegrityError
        return replace(now=now)

    monkeypatch.setattr(demo, "_replace_demo", refused_once)
    assert load_demo(now=NOW) == User.objects.get() != loaded
    assert len(calls) == 2
