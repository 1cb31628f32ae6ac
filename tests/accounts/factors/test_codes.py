"""Codes of an authenticator app and recovery codes: setting up, signing in, and how often they may be guessed."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from accounts.factors.codes import normalise
from accounts.factors.queries import load_factors
from tests.accounts.factors import conftest as steps

pytestmark = pytest.mark.django_db


FULL_WIDTH = "".join(chr(0xFF10 + digit) for digit in range(10))
ARABIC = "".join(chr(0x660 + digit) for digit in range(10))


# --- Setting up -------------------------------------------------------------------------------------
def secret_of(page) -> str:
    return str(page.context["secret"].replace(" ", ""))


def set_up(client, page, code: str):
    return client.post(steps.ADD_APP, {"code": code, "set_up": page.context["form"].sealed})


def test_an_app_is_added_with_its_first_code(user, owner):
    page = owner.get(steps.ADD_APP)
    assert f"secret={secret_of(page)}" in page.context["totp_url"]
    assert "<svg" in page.content.decode()
    answer = set_up(owner, page, steps.app_code(secret_of(page)))
    assert answer["Location"] == steps.SAVE_CODES
    factors = load_factors(user)
    assert factors.app_since is not None
    assert factors.recovery_codes_left == 10


def test_a_wrong_code_keeps_the_secret(user, owner):
    page = owner.get(steps.ADD_APP)
    again = set_up(owner, page, steps.wrong(steps.app_code(secret_of(page))))
    assert steps.error_of(again) == "incorrect_code"
    assert secret_of(again) == secret_of(page)
    set_up(owner, again, steps.app_code(secret_of(page)))
    assert load_factors(user).app_since is not None


def test_the_secret_of_another_page_is_refused(user, other_user, owner):
    theirs = steps.confirmed(other_user).get(steps.ADD_APP)
    answer = set_up(owner, theirs, steps.app_code(secret_of(theirs)))
    assert steps.error_of(answer) == "expired"
    assert secret_of(answer) != secret_of(theirs)
    assert steps.error_of(owner.post(steps.ADD_APP, {"code": "123456", "set_up": "x\x00"})) == "expired"


def test_the_secret_is_readable_nowhere_in_the_database(user, owner):
    page = owner.get(steps.ADD_APP)
    secret = secret_of(page)
    set_up(owner, page, "000000")
    set_up(owner, page, steps.app_code(secret))
    sessions = [str(session.get_decoded()) for session in Session.objects.all()]
    rows = [str(row) for row in Authenticator.objects.values()]
    assert rows
    assert not [text for text in sessions + rows if secret in text or secret.lower() in text.lower()]


# --- Signing in --------------------------------------------------------------------------------------
def test_the_password_is_not_enough_then(user):
    secret = steps.give_app(user)
    client = steps.start(user)
    assert not steps.is_signed_in(client)
    answer = client.post(steps.CONFIRM, {"code": steps.app_code(secret)})
    assert answer.status_code == 302
    assert steps.is_signed_in(client)


@pytest.mark.parametrize("periods", [-1, 1])
def test_a_clock_that_is_a_little_off(user, periods):
    secret = steps.give_app(user)
    client = steps.start(user)
    with time_machine.travel(time.time(), tick=False):
        client.post(steps.CONFIRM, {"code": steps.app_code(secret, periods)})
    assert steps.is_signed_in(client)


def test_a_code_works_once(user):
    """For as long as it is right: with the tolerance that is longer than one period."""
    secret = steps.give_app(user)
    code = steps.app_code(secret, 1)
    steps.start(user).post(steps.CONFIRM, {"code": code})
    client = steps.start(user)
    assert steps.error_of(client.post(steps.CONFIRM, {"code": code})) == "incorrect_code"


def test_the_code_that_sets_an_app_up_signs_nobody_in(user, owner):
    page = owner.get(steps.ADD_APP)
    code = steps.app_code(secret_of(page), 1)
    assert set_up(owner, page, code).status_code == 302
    client = steps.start(user)
    assert steps.error_of(client.post(steps.CONFIRM, {"code": code})) == "incorrect_code"


@pytest.mark.parametrize("periods", [-3, 3])
def test_an_old_code_is_refused(user, periods):
    secret = steps.give_app(user)
    client = steps.start(user)
    assert steps.error_of(client.post(steps.CONFIRM, {"code": steps.app_code(secret, periods)})) == "incorrect_code"


@given(
    st.text(alphabet=" -\u00a0\u2009\t.", max_size=4),
    st.sampled_from(["0123456789", ARABIC, FULL_WIDTH]),
)
def test_pastes_with_spaces_and_digits_of_any_script_are_read(between, digits):
    typed = between.join(digits[int(digit)] for digit in "042917")
    assert normalise(typed) == "042917"


def test_sign_in_with_a_paste(user):
    code = steps.app_code(steps.give_app(user))
    client = steps.start(user)
    client.post(steps.CONFIRM, {"code": f" {code[:3]}\u00a0{code[3:]} "})
    assert steps.is_signed_in(client)


@pytest.mark.parametrize("code", ["", "x" * 5000, "1\x002", "sNaN", "٣" * 60, "½⁵"])
def test_any_text_is_answered_with_the_form(user, code):
    steps.give_app(user)
    client = steps.start(user)
    for path in (steps.CONFIRM, steps.RECOVERY):
        assert client.post(path, {"code": code}).status_code == 200
    assert not steps.is_signed_in(client)


def test_without_the_password_there_is_no_second_step(user):
    steps.give_app(user)
    for path in (steps.CONFIRM, steps.RECOVERY):
        answer = steps.browser().post(path, {"code": "123456"})
        assert answer["Location"] == "/account/login/"


def test_another_account_can_be_chosen_after_the_password(user):
    steps.give_app(user)
    client = steps.start(user)
    client.post("/account/login/restart/")
    assert client.get("/account/login/").status_code == 200
    assert client.get(steps.CONFIRM)["Location"] == "/account/login/"


@pytest.mark.parametrize("path", [steps.CONFIRM, steps.RECOVERY])
def test_a_second_step_that_was_removed_in_between_asks_for_the_password_again(user, path):
    steps.give_app(user)
    client = steps.start(user)
    Authenticator.objects.all().delete()
    assert client.get(path)["Location"] == steps.SIGN_IN
    assert not steps.is_signed_in(client)
    steps.sign_in(client, user)
    assert steps.is_signed_in(client)


def test_a_new_password_ends_a_sign_in_that_waits_for_its_second_step(user):
    secret = steps.give_app(user)
    client = steps.start(user)
    user.set_password("seven green kettles sing")
    user.save()
    assert client.post(steps.CONFIRM, {"code": steps.app_code(secret)})["Location"] == steps.SIGN_IN
    assert not steps.is_signed_in(client)


def test_a_deleted_account_ends_a_sign_in_that_waits_for_its_second_step(user):
    steps.give_app(user)
    client = steps.start(user)
    user.delete()
    assert client.get(steps.CONFIRM)["Location"] == steps.SIGN_IN


def test_a_reset_password_does_not_go_round_the_second_step(user):
    steps.give_app(user)
    user.set_password(password := "seven green kettles sing")
    user.save()
    client = steps.browser()
    assert steps.sign_in(client, user, password)["Location"] == steps.CONFIRM


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_a_code_confirms_who_changes_something(user, kind):
    secret = steps.give_app(user)
    code = steps.app_code(secret) if kind == "app" else steps.recovery_codes(user)[0]
    client = steps.browser()
    client.force_login(user)
    answer = client.post("/account/reauthenticate/code/", {"code": code, "next": steps.NEW_CODES})
    assert answer["Location"] == steps.NEW_CODES
    assert client.get(steps.NEW_CODES).status_code == 200


def test_codes_of_the_app_are_turned_off(user, owner):
    steps.give_app(user)
    assert owner.post("/account/security/app/remove/")["Location"] == steps.SECURITY
    assert not Authenticator.objects.exists()
    client = steps.browser()
    steps.sign_in(client, user)
    assert steps.is_signed_in(client)


# --- Guessing --------------------------------------------------------------------------------------------
def test_five_wrong_codes_are_enough_for_a_while(user):
    secret = steps.give_app(user)
    client = steps.start(user)
    for _attempt in range(5):
        client.post(steps.CONFIRM, {"code": steps.wrong(steps.app_code(secret))})
    assert steps.error_of(client.post(steps.CONFIRM, {"code": steps.app_code(secret)})) == "too_many_login_attempts"
    # A new sign-in counts on, and recovery codes are counted with them.
    [code, *_others] = steps.recovery_codes(user)
    assert steps.error_of(steps.start(user).post(steps.RECOVERY, {"code": code})) == "too_many_login_attempts"


def test_a_right_code_ends_the_count(user):
    steps.give_app(user)
    for _round in range(3):
        client = steps.start(user)
        for _attempt in range(3):
            client.post(steps.CONFIRM, {"code": "12"})
        client.post(steps.RECOVERY, {"code": steps.recovery_codes(user)[0]})
        assert steps.is_signed_in(client)


def test_strangers_with_the_password_do_not_lock_out_a_known_browser(user):
    secret = steps.give_app(user)
    own = steps.start(user)
    own.post(steps.CONFIRM, {"code": steps.app_code(secret)})
    own.post("/account/logout/")
    for number in range(4):
        stranger = steps.browser()
        stranger.defaults["REMOTE_ADDR"] = f"203.0.113.{number}"
        steps.sign_in(stranger, user)
        answers = [stranger.post(steps.CONFIRM, {"code": "12"}) for _attempt in range(5)]
    assert steps.error_of(answers[-1]) == "too_many_login_attempts"
    steps.sign_in(own, user)
    own.post(steps.CONFIRM, {"code": steps.app_code(secret, 1)})
    assert steps.is_signed_in(own)


# --- Emails and the security log -----------------------------------------------------------------------
def test_each_change_is_emailed_and_logged(user, owner, mail_box, django_capture_on_commit_callbacks):
    with capture_logs() as lines, django_capture_on_commit_callbacks(execute=True):
        page = owner.get(steps.ADD_APP)
        set_up(owner, page, steps.app_code(secret_of(page)))
    with capture_logs() as more, django_capture_on_commit_callbacks(execute=True):
        owner.post(steps.NEW_CODES)
    with capture_logs() as last:
        owner.post("/account/security/app/remove/")
    told = [
        (line["event"], line.get("factor"))
        for line in lines + more + last
        if "factor" in line or "codes" in line["event"]
    ]
    assert told == [
        ("factor_added", "totp"),
        ("factor_added", "recovery_codes"),
        ("recovery_codes_replaced", None),
        ("factor_removed", "totp"),
        ("factor_removed", "recovery_codes"),
    ]
    assert user.email not in str(lines + more + last)
    assert [mail["Subject"] for mail in mail_box.to(user.email)] == [
        "An authenticator app was added",
        "You have new recovery codes",
        "Codes from your app are off",
    ]


def test_use_and_refusal_are_logged_without_the_code(user):
    secret = steps.give_app(user)
    client = steps.start(user)
    bad, good = steps.wrong(steps.app_code(secret)), steps.app_code(secret)
    with capture_logs() as lines:
        client.post(steps.CONFIRM, {"code": bad})
        client.post(steps.CONFIRM, {"code": good})
    events = [line["event"] for line in lines if line.get("user") == user.pk]
    assert events[:2] == ["factor_refused", "factor_used"]
    assert not [code for code in (bad, good, secret) if code in str(lines)]
