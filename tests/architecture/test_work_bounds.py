"""The work for what is typed or uploaded grows in line with its length: twice as long, about twice the work.

Work is counted (tests/work.py). Each text comes at half of the limit of its field and at the limit, with the words that
an analysis is slowest with; forms also take far longer texts, which they refuse.
"""

import io
import json
import zipfile
from copy import deepcopy

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from careerplan.catalogue.models import Skill
from careerplan.catalogue.queries import QUERY_LENGTH
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.reading.skill_finder import MAX_CHARACTERS
from tests.architecture.form_answers import FORMS
from tests.architecture.test_routes import address_of, objects
from tests.database import undone
from tests.factories.goals import add_steps, make_goal, rate_step
from tests.factories.opportunities import make_opportunity
from tests.work import grows_in_line

pytestmark = pytest.mark.django_db

__all__ = ["objects"]  # the fixture

MOST_GROWTH = 2.3  # quadratic work grows fourfold
FIXED = 3_000
"""Of a request, differences that have nothing to do with the text."""
WORDS = ("python ", "excellent python ", ".", "x\u0301", "\u0301", "and also write a book by May 2027; ", "9", "½ ﷺ ")


def test_quadratic_work_is_seen():
    half, whole = grows_in_line(lambda size: [abs(0) for _ in range(size * size)], 100)
    assert whole > MOST_GROWTH * half + FIXED


def assert_in_line(run, size):
    half, whole = grows_in_line(run, size)
    assert whole <= MOST_GROWTH * half + FIXED, (half, whole)


def repeated(words: str, length: int) -> str:
    return (words * (length // len(words) + 1))[:length]


@pytest.mark.parametrize("words", WORDS)
def test_advert(signed_in, user, words):
    Skill.objects.create(name="Python", owner=user)  # else nothing is found in it
    path = reverse("opportunities:advert", args=[make_opportunity(user).pk])
    assert_in_line(lambda size: signed_in.post(path, {"text": repeated(words, size)}), MAX_CHARACTERS // 2)


@pytest.mark.parametrize("words", WORDS)
def test_title_advice(signed_in, words):
    def ask(size):
        typed = {"title": repeated(words, size), "measure_kind": "number", "unit": "x", "due_on": "2027-06-01"}
        assert signed_in.get(reverse("goals:title-advice"), typed).status_code == 200

    assert_in_line(ask, TITLE_LENGTH // 2)


@pytest.mark.parametrize("words", WORDS)
def test_search_and_similar_steps(signed_in, user, words):
    [step] = add_steps(make_goal(user), "Shadow a nurse")
    rate_step(step, 3)
    pages = (("skills:occupations", "q", QUERY_LENGTH), ("goals:steps-similar", "title", TITLE_LENGTH))
    for route, field, limit in pages:
        for size in (limit // 2, 4_000):  # longer ones are cut
            assert_in_line(
                lambda size, route=route, field=field: signed_in.get(reverse(route), {field: repeated(words, size)}),
                size,
            )


def test_every_form_with_long_texts(user, objects, subtests):
    """All text fields at once; most are refused, and none is looked through again and again.

    Half of each text is of letters with accents to join, half of words: work that is not in line shows with either.
    """
    today = timezone.localdate()
    for name in FORMS.keys() - {"opportunities:advert"}:  # with more words above
        with subtests.test(name), undone():
            window = Client()
            window.force_login(user)
            things = deepcopy(objects)
            path, typed = address_of(name, things), FORMS[name](things, today)
            texts = [key for key, value in typed.items() if isinstance(value, str) and not value.isdecimal()]

            def send(size, texts=texts, typed=typed, path=path, window=window):
                with undone():
                    text = repeated("x\u0301", size // 2) + repeated("and also write a python; ", size // 2)
                    data = {key: str(one) for key, one in typed.items()} | dict.fromkeys(texts, text)
                    assert window.post(path, data).status_code < 500

            assert_in_line(send, 10_000)


def upload(browser, route, content):
    return browser.post(reverse(route), {"file": SimpleUploadedFile("file", content)})


def resume(size):
    names = [f"Python and skill {n}" for n in range(size)]
    skills, work = [{"name": name, "keywords": [name]} for name in names], [{"name": name} for name in names]
    return json.dumps({"skills": skills, "work": work}).encode()


def linkedin(size):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Skills.csv", "Name\n" + "".join(f"Python {n}\n" for n in range(size)))
    return file.getvalue()


@pytest.mark.parametrize("make", [resume, linkedin, lambda size: b'{"skills": [' + b"[" * size])
def test_cv(signed_in, make):
    assert_in_line(lambda size: upload(signed_in, "imports:choose", make(size)), 700)


@pytest.mark.parametrize(
    "make",
    [
        lambda size: b'{"format": "' + b"x" * size,
        lambda size: b'{"goals": [' + b"{}," * size,
        lambda size: b"[" * size,
        lambda size: b'{"plans": {"' + b'a": {"' * size,
        lambda size: ('{"account": {"name": "' + "\u0301" * size + '"}}').encode(),
    ],
)
def test_import_of_an_account(signed_in, make):
    assert_in_line(lambda size: upload(signed_in, "account_data:import", make(size)), 20_000)
