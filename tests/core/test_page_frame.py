"""The frame of a page: one style sheet, a header put together once, pages compressed."""

import gzip
import re
from pathlib import Path

import crispy_bootstrap5
import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from careerplan.core.assets import BOOTSTRAP, PARTS, STYLE_SHEET, build_style_sheet
from careerplan.core.bootstrap_used import CLASS, CLASSES, used_rules
from careerplan.core.dates import Urgency
from careerplan.goals.pace import Pace
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
    assert "& details>ul *:is(a,button){" in sheet  # the menus of phones: the space before a nested :is() counts
    assert ".btn" in sheet  # Bootstrap's
    assert ".ms-auto{margin-inline-start:auto!important}" in sheet  # and it mirrors
    assert "--cp-page" in sheet  # ours
    assert "/*" not in sheet
    assert finders.find(STYLE_SHEET)


# A rule that begins with one of our classes alone; "modes" and "motion" change what others say, by their purpose.
OWN_RULE = re.compile(r"^(\.cp-[\w-]+(?: > li)?) \{$", re.MULTILINE)
FOR_ALL = {"modes", "motion"}
SEVERAL = {
    ".cp-chart": "the second opinion adds its marks to every chart",
    ".cp-strip": "cells of tasks and of skills",
}


def test_a_class_is_laid_out_in_one_file(settings):
    found: dict[str, set[str]] = {}
    for part in set(PARTS) - FOR_ALL:
        text = (settings.BASE_DIR / "static" / "css" / f"{part}.css").read_text()
        for rule in OWN_RULE.findall(text):
            found.setdefault(rule, set()).add(part)
    assert {rule: parts for rule, parts in found.items() if len(parts) > 1 and rule not in SEVERAL} == {}
    assert set(SEVERAL) <= {rule for rule, parts in found.items() if len(parts) > 1}


TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
OF_CRISPY = (
    "help_text_and_errors",
    "help_text",
    "field_errors",
    "field_errors_block",
    "radio_checkbox_select",
    "field_file",
)


def test_style_sheet_has_each_class_of_bootstrap_that_a_page_uses(settings):
    pack = Path(crispy_bootstrap5.__file__).parent / "templates" / "bootstrap5" / "layout"
    pages = [*(settings.BASE_DIR / "templates").rglob("*.html"), *(pack / f"{name}.html" for name in OF_CRISPY)]
    texts = [TAGS.sub(" ", path.read_text()) for path in pages]
    used = {name for text in texts for names in re.findall(r'\sclass="([^"]*)"', text) for name in names.split()}
    of_bootstrap = used & set(CLASS.findall(BOOTSTRAP.read_text()))
    assert of_bootstrap == CLASSES
    assert len(build_style_sheet()) < 200_000


NO_SELECTOR = re.compile(r'/\*.*?\*/|url\([^)]*\)|"[^"]*"', re.DOTALL)
COMPOSED = {f"is-{value}" for value in (*Pace, *Urgency, "ahead", "behind")}  # "is-{{ cell }}" and the like


def test_each_class_of_our_sheet_is_used(settings):
    """By a template, a script or Python, as a whole word: a sheet that grows alone is read by each phone."""
    places = {"templates": "html", "static/js": "js", "careerplan": "py", "accounts": "py"}
    files = (path for place, end in places.items() for path in (settings.BASE_DIR / place).rglob(f"*.{end}"))
    words = {word for path in files for word in re.findall(r"[\w-]+", path.read_text())}
    for part in PARTS:
        text = NO_SELECTOR.sub("", (settings.BASE_DIR / "static" / "css" / f"{part}.css").read_text())
        assert set(CLASS.findall(text)) - words - COMPOSED == set(), part


def test_rules_of_other_classes_are_left_out():
    sheet = "@media (a){.x{b:c}.x:not(.z) p,.y .x{d:e}}.y{f:g}p,:is(h1,h2) .x{h:i}"
    assert used_rules(sheet, {"x"}) == "@media (a){.x{b:c}.x:not(.z) p{d:e}}p,:is(h1,h2) .x{h:i}"


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
