"""Addresses of pages are those of Django, in templates too."""

from uuid import UUID

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse, set_script_prefix

from careerplan.core.addresses import page_url

KEY = UUID("6a9a1f0c-7f5e-4e7e-9c3b-8f6f5d1c2b3a")


@pytest.fixture
def below_a_prefix():
    set_script_prefix("/plans-of-all/")
    yield
    set_script_prefix("/")


@pytest.mark.parametrize(
    ("name", "ids"), [("goals:list", []), ("goals:detail", [7]), ("goals:detail", [2**62]), ("goals:step-edit", [0])]
)
def test_page_url_is_what_reverse_says(name, ids):
    assert page_url(name, *ids) == reverse(name, args=ids)
    assert Template(f"{{% url '{name}' {' '.join(map(str, ids))} %}}").render(Context()) == reverse(name, args=ids)


def test_page_url_below_a_prefix(below_a_prefix):
    assert page_url("goals:detail", 7) == "/plans-of-all/goals/7/" == reverse("goals:detail", args=[7])


def test_other_values_are_left_to_django():
    told = Template(
        "{% url 'mentor:plan' key %} {% url 'goals:detail' pk=7 %} {% url 'no:page' 1 as none %}[{{ none }}]"
    )
    assert told.render(Context({"key": KEY})) == f"{reverse('mentor:plan', args=[KEY])} /goals/7/ []"


@pytest.mark.parametrize("ids", [[], [1, 2]])
def test_wrong_ids_are_refused(ids):
    with pytest.raises(NoReverseMatch):
        page_url("goals:detail", *ids)
    with pytest.raises(NoReverseMatch):
        Template(f"{{% url 'goals:detail' {' '.join(map(str, ids))} %}}").render(Context())
