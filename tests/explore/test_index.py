"""The index of fields, the pages of fields and the search."""

import re
from xml.etree import ElementTree

import pytest
from django.test import Client

from careerplan.catalogue.fields import FIELDS
from careerplan.explore import views
from tests.explore.pages import INDEX, NURSE, main_of, text_of
from tests.factories.skills import make_occupation

pytestmark = pytest.mark.django_db


def test_index_lists_fields_with_their_number_of_occupations(client, nurse):
    make_occupation(code="29-1151.00", title="Nurse practitioner")
    make_occupation(code="29-1171.00", title="Old title", is_current=False)
    make_occupation(code="47-2111.00", title="Electrician")
    page = main_of(client.get(INDEX))
    rows = re.findall(r'href="(/occupations/[^"]+)"> <b>([^<]+)</b> <span class="cp-num">(\d+)', page)
    assert rows == [
        ("/occupations/health/", "Health", "2"),
        ("/occupations/building/", "Building and installation", "1"),
    ]
    assert "3 occupations in 2 fields" in page


def test_field_lists_the_shortest_training_first(client, nurse):
    for number, (title, zone) in enumerate([("Zoo vet", 2), ("Medic", 5), ("Aide", 2), ("Healer", None)]):
        make_occupation(code=f"29-900{number}.00", title=title, job_zone=zone)
    make_occupation(code="29-9009.00", title="Old title", job_zone=1, is_current=False)
    make_occupation(code="31-9009.00", title="Masseur", job_zone=1)
    page = main_of(client.get("/occupations/health/"))
    assert re.findall(r"<b>([^<]+)</b>", page) == ["Aide", "Zoo vet", "Registered nurse", "Medic", "Healer"]
    assert "Usual education: Bachelor's degree" in page
    assert "Plans and gives care." in page
    assert page.count("<h2>") == 4


def test_every_field_opens(client, subtests):
    for field in FIELDS:
        with subtests.test(field.slug):
            assert client.get(f"/occupations/{field.slug}/").status_code == 200


def test_unknown_field_is_not_found(client):
    assert client.get("/occupations/witchcraft/").status_code == 404


@pytest.mark.parametrize(
    "text", ["Registered nurse", "registered NURSE", " staff nurse ", "Senior staff nurse, ward 12"]
)
def test_exact_title_leads_to_its_page(client, nurse, text):
    response = client.get(INDEX, {"q": text})
    assert (response.status_code, response.url) == (302, NURSE)


def test_similar_titles_are_listed(client, nurse):
    make_occupation(code="29-1151.00", title="Nurse practitioner")
    make_occupation(code="29-1161.00", title="Nurse of old", is_current=False)
    page = main_of(client.get(INDEX, {"q": "nurse"}))
    assert "2 occupations have a title like “nurse”" in page
    assert f'href="{NURSE}"' in page
    assert 'href="/occupations/health/nurse-practitioner-29-1151/"' in page
    assert "Nurse of old" not in page


def test_hit_by_another_title_says_which(client, nurse):
    assert "Also called: Staff nurse." in text_of(client.get(INDEX, {"q": "staff nur"}))


def test_nearest_are_shown_as_such_if_the_whole_text_finds_nothing(client, nurse):
    page = text_of(client.get(INDEX, {"q": "interplanetary orbital spacewalking nurse"}))
    assert "No match" not in page
    assert "Which of these do you mean? No title is quite like" in page
    assert "Registered nurse" in page


def test_no_match_shows_the_fields(client, nurse):
    response = client.get(INDEX, {"q": "qqqq"})
    assert response.status_code == 200
    assert "No match for “qqqq”" in text_of(response)
    assert 'href="/occupations/health/"' in main_of(response)


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\x00",
    "nurse\x00",
    "'; DROP TABLE catalogue_occupation; --",
    "%' OR '1'='1",
    "a & | ! <-> b:*",
    "((((",
    "\\",
    "{{ 7|add:7 }} {% csrf_token %}",
    "x" * 5000,
    "e\u0301" * 200,
    "\u202egnp.exe",
    "\ud800",
    "看護師",
    " \t\n ",
    "%s %(text)s",
    "//evil.example/",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_may_be_searched_for(client, nurse, text):
    response = client.get(INDEX, {"q": text.encode("utf-8", "surrogatepass")})
    assert response.status_code == 200
    markup = response.content.decode()
    assert "<script>alert" not in markup
    assert "<img" not in markup
    assert "\x00" not in markup
    assert len(markup) < 20_000


def test_search_pages_are_not_indexed_and_others_are(client, nurse, settings):
    assert 'content="noindex, follow"' in client.get(INDEX, {"q": "qqqq"}).content.decode()
    for path in (INDEX, "/occupations/health/", NURSE):
        markup = client.get(path).content.decode()
        assert "noindex" not in markup
        assert markup.count('name="description"') == 1
        assert f'rel="canonical" href="{settings.BASE_URL}{path}"' in markup


@pytest.mark.parametrize("each", [3, 30])
def test_the_number_of_queries_does_not_grow(client, nurse, each, django_assert_num_queries):
    for number in range(each):
        make_occupation(code=f"29-{2000 + number}.00", title=f"Nurse {number}")
        make_occupation(code=f"47-{2000 + number}.00", title=f"Builder {number}")
    for path, queries in ((INDEX, 1), ("/occupations/health/", 1), (f"{INDEX}?q=nurs", 2), (f"{INDEX}?q=qqq+qqq", 4)):
        with django_assert_num_queries(queries):
            assert Client().get(path).status_code == 200


def test_robots_may_ask_for_every_page(client, settings):
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    lines = response.content.decode().splitlines()
    assert lines == ["User-agent: *", "Allow: /", "", f"Sitemap: {settings.BASE_URL}/sitemap.xml"]


def test_sitemap_names_the_public_pages_on_the_configured_origin(client, nurse, settings):
    make_occupation(code="29-1171.00", title="Old title", is_current=False)
    make_occupation(code="99-1171.00", title="Of no field")
    response = client.get("/sitemap.xml", headers={"host": "localhost"})
    assert response.headers["Content-Type"] == "application/xml"
    assert response.headers["Cache-Control"].startswith("public")
    found = [node.text for node in ElementTree.fromstring(response.content).iter() if node.tag.endswith("loc")]
    assert found == [f"{settings.BASE_URL}{path}" for path in ("/", INDEX, "/occupations/health/", NURSE)]


@pytest.mark.parametrize("page", ["0", "2", "x", "9" * 400, "\x00"])
def test_other_pages_of_the_sitemap_are_not_found(client, page):
    assert client.get("/sitemap.xml", {"p": page}).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_sitemap_takes_one_query(client, count, django_assert_num_queries):
    for number in range(count):
        make_occupation(code=f"29-{2000 + number}.00", title=f"Nurse {number}")
    with django_assert_num_queries(1):
        assert client.get("/sitemap.xml").content.count(b"<loc>") == count + 3


def test_searches_of_a_client_are_limited_and_the_list_of_fields_is_not(client, nurse, monkeypatch):
    monkeypatch.setitem(views.SEARCH_RATES, "search", "2/m/ip")
    asked = [
        client.get(INDEX, {"q": word}, REMOTE_ADDR="203.0.113.77").status_code for word in ("nurs", "nurs", "nurs")
    ]
    assert asked == [200, 200, 429]
    assert client.get(INDEX, REMOTE_ADDR="203.0.113.77").status_code == 200
