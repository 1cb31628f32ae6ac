"""Each field of each form takes values that no browser would send: a form, never an error of ours, and nothing lost."""

from collections.abc import Iterator
from copy import deepcopy
from functools import reduce
from html import unescape
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.forms import BaseForm
from django.test import Client
from django.utils import timezone

from tests.architecture.form_answers import FORMS
from tests.architecture.test_routes import address_of, context_of, objects
from tests.conflicts import shown_in
from tests.database import undone
from tests.each import each

pytestmark = pytest.mark.django_db

__all__ = ["objects"]  # the fixture

SPELLED = {r"\x00": "\0", "NINES5000": "9" * 5000}  # what numbers.txt cannot hold as it is
CASES = (Path(__file__).parents[1] / "cases" / "numbers.txt").read_text("utf-8").splitlines()
NUMBERS = [
    *(reduce(lambda text, pair: text.replace(*pair), SPELLED.items(), line) for line in CASES if line[0] != "#"),
    "0." + "1" * 5000,
]
NUMBER_FIELDS = {
    *("start_value", "target_value", "final_value", "value", "effort_hours", "hours_spent", "hours_a_week"),
    "resources-0-cost",
}
NUL, NOT_A_NUMBER = "5\x00", "sNaN"
MOST_BYTES = 100_000
"""More than a page without the value."""
MORE_FIELDS = {
    "goals:new": ("start_value", "target_value", "done_when", "stop_on", "effort_hours"),
    "goals:step-new": ("effort_hours", "resources-0-cost", "resources-0-description", "resources-0-kind"),
    "goals:step-edit": ("effort_hours", "resources-0-cost", "resources-0-description", "resources-0-kind"),
    "goals:step-evaluate": ("hours_spent",),
    "plans:edit": ("hours_a_week", "values", "vision"),
}
"""Fields that a complete post leaves out."""
COUNTED = {"measure_kind": "number", "resources-TOTAL_FORMS": "1", "resources-INITIAL_FORMS": "0"}


def hostile_posts(name: str, typed: dict[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """Return (value, fields) of posts that differ from a complete one: in all number fields, or in all others.

    A form cleans every field, whatever it finds in the others. What it saves is only seen one field at a time: fields
    that were not refused are posted again, each by itself.
    """
    fields = {*typed, *MORE_FIELDS.get(name, ())}
    numbers, others = fields & NUMBER_FIELDS, fields - NUMBER_FIELDS
    yield from ((value, numbers) for value in [*NUMBERS, NUL, NOT_A_NUMBER] if numbers)
    yield NUL, others
    yield NOT_A_NUMBER, others


def refused_in(answer) -> set[str]:
    """The fields that the forms of a page refuse."""
    forms = [value for value in context_of(answer) if isinstance(value, BaseForm)]
    return {form.add_prefix(field) for form in forms if form.is_bound for field in form.errors}


def test_hostile_values_are_refused_with_the_form(user, objects, subtests):
    today, posts = timezone.localdate(), 0
    for name in FORMS:
        with subtests.test(name), undone():
            window = Client(raise_request_exception=True)
            window.force_login(user)
            path = address_of(name, things := deepcopy(objects))
            typed = FORMS[name](things, today)
            typed |= COUNTED | shown_in(page := window.get(path))

            def post(value, fields, path=path, typed=typed, window=window, page=page):
                with undone():
                    sent = {key: str(one) for key, one in typed.items()} | dict.fromkeys(fields, value)
                    answer = window.post(path, sent)
                assert answer.status_code < 500, (fields, value[:20])
                assert len(answer.content) < len(page.content) + MOST_BYTES * len(fields), (fields, value[:20])
                if fields <= NUMBER_FIELDS and answer.status_code == 200:
                    shown = unescape(answer.content.decode())
                    assert shown.count(value.rstrip("\x00")) >= len(fields), (fields, value[:20])
                return fields - refused_in(answer)

            for value, fields in hostile_posts(name, typed):
                left = post(value, fields)
                alone = left if value != NOT_A_NUMBER or fields <= NUMBER_FIELDS else ()
                for field in alone if len(fields) > 1 else ():
                    post(value, {field})
                posts += 1 + len(alone)
    print(f"{len(FORMS)} forms, {posts} requests, violations 0")


ADVISED = ("title", "unit", "start_value", "target_value")


@each("field, value", list(product(ADVISED, [*NUMBERS, NUL, NOT_A_NUMBER])))
def test_title_advice_takes_any_value(signed_in, field, value):
    typed = {"title": "improve sales", "measure_kind": "number", "unit": "x", "start_value": "0", "target_value": "9"}
    answer = signed_in.get("/goals/title-advice/", typed | {field: value})
    assert answer.status_code == 200
    assert len(answer.content) < MOST_BYTES


def test_similar_steps_take_any_title(signed_in):
    for value in (NUL, NOT_A_NUMBER):
        assert signed_in.get("/goals/steps/similar/", {"title": value}).status_code == 200
