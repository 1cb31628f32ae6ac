"""Recovery codes: shown once, used once."""

import re

import pytest
from allauth.mfa.models import Authenticator

from accounts.factors.codes import in_groups
from accounts.factors.queries import load_factors
from tests.accounts.factors import conftest as steps

pytestmark = pytest.mark.django_db


# --- Recovery codes ------------------------------------------------------------------------------------
def test_each_recovery_code_works_once(user, mail_box):
    steps.give_app(user)
    [code, *_others] = steps.recovery_codes(user)
    client = steps.start(user)
    client.post(steps.RECOVERY, {"code": in_groups(code)})
    assert steps.is_signed_in(client)
    assert load_factors(user).recovery_codes_left == 9
    mail = mail_box.to(user.email)[-1]
    assert "9 unused" in re.sub(r"\s+", " ", mail.get_body(("plain",)).get_content())
    assert steps.error_of(steps.start(user).post(steps.RECOVERY, {"code": code})) == "incorrect_code"


def test_a_recovery_code_is_no_code_of_the_app(user):
    steps.give_app(user)
    [code, *_others] = steps.recovery_codes(user)
    assert steps.error_of(steps.start(user).post(steps.CONFIRM, {"code": code})) == "incorrect_code"
    assert load_factors(user).recovery_codes_left == 10


def make_codes(client) -> list[str]:
    assert client.post(steps.NEW_CODES)["Location"] == steps.SAVE_CODES
    return list(client.get(steps.SAVE_CODES).context["codes"])


def test_recovery_codes_are_shown_until_they_are_saved_and_then_never(user, owner):
    steps.give_app(user)
    codes = make_codes(owner)
    assert len(codes) == 10
    assert steps.error_of(owner.post(steps.SAVE_CODES), "saved") == "required"
    file = owner.get(steps.DOWNLOAD)
    assert file["Content-Type"].startswith("text/plain")
    assert all(code in file.content.decode() for code in codes)
    assert owner.post(steps.SAVE_CODES, {"saved": "on"})["Location"] == steps.SECURITY
    for path in (steps.SAVE_CODES, steps.DOWNLOAD):
        answer = owner.get(path, follow=True)
        assert answer.request["PATH_INFO"] == steps.SECURITY
        assert not [code for code in codes if code in answer.content.decode()]


def test_recovery_codes_are_not_shown_in_another_session(user, owner):
    steps.give_app(user)
    make_codes(owner)
    assert steps.confirmed(user).get(steps.SAVE_CODES)["Location"] == steps.SECURITY


def test_new_recovery_codes_end_the_old_ones(user, owner):
    steps.give_app(user)
    old = steps.recovery_codes(user)
    new = make_codes(owner)
    assert not {in_groups(code) for code in old} & set(new)
    client = steps.start(user)
    assert steps.error_of(client.post(steps.RECOVERY, {"code": old[0]})) == "incorrect_code"
    client.post(steps.RECOVERY, {"code": new[0]})
    assert steps.is_signed_in(client)


def test_recovery_codes_need_another_factor(user, owner):
    answer = owner.post(steps.NEW_CODES)
    assert answer.context["form"].non_field_errors()
    assert not Authenticator.objects.exists()
