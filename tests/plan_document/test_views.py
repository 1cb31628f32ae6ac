"""The page and the downloads as a browser gets them."""

import threading
from datetime import date
from urllib.parse import unquote

import psycopg
import pytest
from django.db import connection
from django.urls import reverse

from careerplan.plan_document import render_slots, views
from careerplan.plan_document.pdf import RenderFailed
from careerplan.plan_document.texts import file_name
from careerplan.plans.models import Plan
from tests.factories.goals import NOW

pytestmark = pytest.mark.django_db
FILES = {
    "pdf": ("application/pdf", b"%PDF", "pdf"),
    "word": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK", "docx"),
}


def test_document_of_the_active_plan(signed_in, rich_plan):
    response = signed_in.get(reverse("plan_document:own"))
    assert response.url == reverse("plan_document:page", args=[rich_plan.pk])


def test_without_a_plan_the_document_redirects(signed_in):
    assert signed_in.get(reverse("plan_document:own")).url == reverse("plans:plan")


def test_document_is_linked_from_the_plan(signed_in, rich_plan):
    assert reverse("plan_document:page", args=[rich_plan.pk]) in signed_in.get(reverse("plans:plan")).content.decode()


@pytest.mark.parametrize("name", FILES)
def test_download_has_the_name_of_the_plan_and_is_not_cached(signed_in, rich_plan, name):
    kind, begins, ending = FILES[name]
    response = signed_in.get(reverse(f"plan_document:{name}", args=[rich_plan.pk]))
    assert response.headers["Content-Type"] == kind
    assert response.content.startswith(begins)
    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].replace(",", "").split())
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="Ward manager by autumn, 20')
    assert disposition.endswith(f'.{ending}"')


def test_downloads_use_the_parts_of_the_page(signed_in, rich_plan):
    page = signed_in.get(reverse("plan_document:page", args=[rich_plan.pk]), {"for": "manager"}).content.decode()
    for name in FILES:
        assert f'href="{reverse(f"plan_document:{name}", args=[rich_plan.pk])}?for=manager"' in page


@pytest.mark.parametrize("name", FILES)
def test_download_without_parts_redirects_to_the_page(signed_in, rich_plan, name):
    response = signed_in.get(reverse(f"plan_document:{name}", args=[rich_plan.pk]), {"chosen": "1"}, follow=True)
    page = response.content.decode()
    assert "<title>Error:" in page


@pytest.mark.parametrize("name", ["page", *FILES])
def test_archived_plan_has_a_document(signed_in, user, name):
    plan = Plan.objects.create(user=user, title="Before", started_on=NOW.date(), state="archived", archived_at=NOW)
    assert signed_in.get(reverse(f"plan_document:{name}", args=[plan.pk])).status_code == 200
    assert (
        reverse("plan_document:page", args=[plan.pk])
        in signed_in.get(reverse("plans:earlier-plan", args=[plan.pk])).content.decode()
    )


def test_failed_pdf_shows_a_message(signed_in, rich_plan, monkeypatch):
    def give_up(document):
        raise RenderFailed

    monkeypatch.setattr(views, "render_pdf", give_up)
    response = signed_in.get(reverse("plan_document:pdf", args=[rich_plan.pk]), follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]


@pytest.fixture
def elsewhere():
    """A database session as another web process has one."""
    settings = connection.get_connection_params()
    names = {"host", "port", "dbname", "user", "password"} & settings.keys()
    with psycopg.connect(**{name: settings[name] for name in names}, autocommit=True) as session:
        yield session


@pytest.mark.parametrize("kind", ["pdf", "word"])
@pytest.mark.parametrize("taken", ["one's own", "all"])
def test_busy_renderer_asks_to_try_again(signed_in, user, rich_plan, elsewhere, monkeypatch, settings, taken, kind):
    settings.DOCUMENTS_AT_ONCE = 3
    shared_slots = [(render_slots.SHARED_LOCK, number) for number in range(3)]
    monkeypatch.setattr(render_slots, "SECONDS_WAITED", 0)
    held = [(render_slots.USER_LOCK, user.pk)] if taken == "one's own" else shared_slots
    for lock in held:
        elsewhere.execute("SELECT pg_advisory_lock(%s, %s)", lock)
    where = reverse(f"plan_document:{kind}", args=[rich_plan.pk])
    response = signed_in.get(where, {"for": "manager"})
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert f'href="{where}?for=manager"' in response.content.decode()
    elsewhere.execute("SELECT pg_advisory_unlock(%s, %s)", held[-1])
    assert signed_in.get(where).status_code == 200


def test_render_slot_is_released_and_waited_for(user, other_user, elsewhere):
    with render_slots.render_slot(user):
        assert not _is_free(elsewhere, user)
        assert _is_free(elsewhere, other_user)
    assert _is_free(elsewhere, user)
    with pytest.raises(RenderFailed), render_slots.render_slot(user):
        raise RenderFailed
    assert _is_free(elsewhere, user)
    elsewhere.execute("SELECT pg_advisory_lock(%s, %s)", [render_slots.USER_LOCK, user.pk])
    later = threading.Timer(0.2, lambda: elsewhere.execute("SELECT pg_advisory_unlock_all()"))
    later.start()
    with render_slots.render_slot(user):
        assert not _is_free(elsewhere, user)
    later.join()


def _is_free(session, user):
    held = session.execute("SELECT pg_try_advisory_lock(%s, %s)", [render_slots.USER_LOCK, user.pk]).fetchone()[0]
    if held:
        session.execute("SELECT pg_advisory_unlock(%s, %s)", [render_slots.USER_LOCK, user.pk])
    return held


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Ward manager", "Ward manager, 2027-03-09.pdf"),
        ("../../etc/passwd", "etc passwd, 2027-03-09.pdf"),
        ('a"b\r\nSet-Cookie: x', "a b Set-Cookie x, 2027-03-09.pdf"),
        ("\u202efdp.exe", "fdp.exe, 2027-03-09.pdf"),
        (" .. / ", "Career plan, 2027-03-09.pdf"),
        ("План медсестры", "План медсестры, 2027-03-09.pdf"),
        ("x" * 120, f"{'x' * 80}, 2027-03-09.pdf"),
    ],
)
def test_file_names_are_safe(title, name):
    assert file_name(title, date(2027, 3, 9), "pdf") == name


def test_file_name_in_another_script(signed_in, rich_plan):
    Plan.objects.filter(pk=rich_plan.pk).update(title='План "медсестры"')
    disposition = signed_in.get(reverse("plan_document:word", args=[rich_plan.pk])).headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    assert unquote(disposition).partition("''")[2].startswith("План медсестры, 20")
