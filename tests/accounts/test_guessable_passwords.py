"""Which new passwords are refused because they are easy to guess."""

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS
from zxcvbn.matching import L33T_TABLE, enumerate_l33t_subs, relevant_l33t_subtable

from accounts.models import User
from accounts.passwords import _beginning
from tests.accounts.test_passwords import NEW
from tests.factories.accounts import PASSWORD

RUTH = User(name="Ruth Adeyemi-Østergård", email="r.adeyemi@hospital.example")


def codes(password, user=RUTH):
    """Return the codes of the errors."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {one.code for one in error.error_list}
    return set()


@pytest.mark.parametrize(
    "password",
    [
        *("123456789012", "aaaaaaaaaaaa", "abcdefghijkl", "careerplan2026", "careerplan2026 pass", "iloveyou2026"),
        *("abcabcabcabc", "qwertyuiop12", "1q2w3e4r5t6y", "password password", "Summer2026!!", "C@r33rpl@n2026"),
        *("RuthRuthRuth", "adeyemi adeyemi", "hospital2026", "Østergård2026", "ruthadeyemi12", "a" * 1000),
    ],
)
def test_easy_password_is_refused(password):
    assert "password_guessable" in codes(password)


@pytest.mark.parametrize(
    "password",
    [PASSWORD, NEW, "five-green-kettles-9", "Tr0ub4dor&3xx", "mein hund frisst gern käse", "пароль не для всех"],
)
def test_hard_password_is_accepted(password):
    assert codes(password) == set()


def common_passwords() -> tuple[set[str], set[str]]:
    """The lists that a new password is looked up in: common passwords, and words and names besides."""
    passwords = set(FREQUENCY_LISTS["passwords"]) | CommonPasswordValidator().passwords
    return passwords, passwords.union(*FREQUENCY_LISTS.values())


def test_every_common_password_is_refused():
    passwords, known = common_passwords()
    assert len(known) >= 100_000
    long_enough = [password for password in passwords if len(password) >= 12]
    assert len(long_enough) > 300
    assert [password for password in long_enough if not codes(password)] == []


def test_long_words_and_names_are_refused():
    _passwords, known = common_passwords()
    words = sorted(word for word in known if len(word) >= 12)[::40]
    assert len(words) > 50
    assert [word for word in words if not codes(word)] == []


SIGNS = "(4@8{[<369&!|1$5+7%2"


@pytest.mark.parametrize("password", [SIGNS * 4, SIGNS * 50, "({[<1|7+" * 9, "0123456789@$!&(%+" * 4, "a1" * 36])
def test_work_for_a_password_is_bounded(password):
    """Work, counted: characters times the ways to take signs for letters."""
    looked_at = _beginning(password)
    spellings = enumerate_l33t_subs(relevant_l33t_subtable(looked_at, L33T_TABLE))
    assert len(looked_at) * len(spellings) <= 12_000
    validate_password(SIGNS * 4, RUTH)


def test_eleven_characters_are_too_short():
    assert codes("kX9#mQ2$vL7") == {"password_too_short"}
    assert codes("kX9#mQ2$vL7w") == set()


def test_password_of_someone_else_may_be_their_name():
    assert codes("adeyemi adeyemi ostergard kettles", User(name="Tom Baker", email="t@example.org")) == set()
