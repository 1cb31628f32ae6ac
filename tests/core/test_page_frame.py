"""The frame of a page: one style sheet, a header put together once, pages compressed."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from careerplan.core.assets import PARTS, STYLE_SHEET, build_style_sheet
from tests.factories.accounts import UserFactory

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_css_file_is_in_the_style_sheet(settings):
    on_disk = {path.stem for path in (settings.BASE_DIR / "static" / "css").glob("*.css")}
    assert on_disk == set(PARTS)
    sheet = build_style_sheet().decode()
    assert ".btn" in sheet  # Bootstrap's
    assert "--cp-page" in sheet  # ours
    assert "/*" not in sheet
    assert finders.find(STYLE_SHEET)


@pytest.mark.django_db
def test_page_loads_one_style_sheet():
    for page in (Client().get("/"), client_of(UserFactory()).get(reverse("dashboard:privacy"))):
        assert page.content.decode().count('rel="stylesheet"') == 1


@pytest.mark.django_db
def test_cached_header_has_the_users_name_and_token():
    ann, bob = UserFactory(name="Ann <Lee>"), UserFactory(name="Bob")
    pages = {}
    for user in (ann, bob, ann):
        pages[user] = client_of(user).get(reverse("dashboard:privacy")).content.decode()
    assert "Ann &lt;Lee&gt;" in pages[ann]
    assert "Bob" not in pages[ann]
    assert "Ann" not in pages[bob]
    assert set(TOKEN.findall(pages[ann])).isdisjoint(TOKEN.findall(pages[bob]))


@pytest.mark.django_db
def test_signing_out_works_from_the_cached_header():
    user = UserFactory()
    for _visit in range(2):
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        token = TOKEN.findall(client.get(reverse("dashboard:privacy")).content.decode())[0]
        assert client.post(reverse("account_logout"), {"csrfmiddlewaretoken": token}).status_code == 302
        assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_the_menu_marks_the_section_of_the_page():
    client = client_of(UserFactory())
    for address, marked in (("goals:list", "goals:list"), ("plans:plan", "plans:plan"), ("goals:list", "goals:list")):
        page = client.get(reverse(address)).content.decode()
        current = set(re.findall(r'href="([^"]+)"\s+aria-current="page"', page))
        assert current == {reverse(marked)}


def test_pages_are_compressed_and_files_are_left_alone(client):
    page = client.get("/privacy/", headers={"accept-encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(page.content)
    assert "Accept-Encoding" in page.headers["Vary"]
    assert "Content-Encoding" not in client.get("/privacy/").headers
