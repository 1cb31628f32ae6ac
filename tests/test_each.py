"""Cases that share a test are all tried, and those that fail are named."""

import pytest

from tests.each import each


@pytest.fixture
def most():
    return 2


@each("number, word", [(1, "one"), (3, "three"), (2, "two"), (4, "four")], called=lambda case: case[1])
def small(number, word, most):
    """Not a test by its name: the test below calls it."""
    assert number <= most


def test_every_case_that_fails_is_named(most):
    with pytest.raises(AssertionError) as caught:
        small(most=most)
    said = str(caught.value)
    assert "2 of 4 cases fail" in said
    assert ("three: " in said, "four: " in said, "one: " in said, "two: " in said) == (True, True, False, False)


@each("number", range(3))
def test_fixtures_are_asked_for_as_in_any_test(number, most):
    assert number <= most


def test_no_case_is_a_failure():
    with pytest.raises(AssertionError, match="no case"):
        each("number", [])(lambda number: None)()
