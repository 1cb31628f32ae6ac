"""Secrets at rest: encrypted, with keys that rotate."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from structlog.testing import capture_logs

from accounts.factors import encryption
from tests.accounts.factors import conftest as steps

pytestmark = pytest.mark.django_db
FIRST, SECOND = "first key " * 4, "second key " * 4


def data_of(user) -> str:
    return str(list(Authenticator.objects.filter(user=user).values_list("data", flat=True)))


def can_sign_in(user, secret: str, periods: int = 0) -> bool:
    client = steps.browser()
    steps.sign_in(client, user)
    client.post(steps.CONFIRM, {"code": steps.app_code(secret, periods)})
    return steps.is_signed_in(client)


def test_rows_hold_no_plain_secret(user):
    secret = steps.give_app(user)
    codes = steps.recovery_codes(user)
    seed = encryption.decrypt(Authenticator.objects.get(type="recovery_codes").data["seed"])
    assert not [text for text in (secret, seed, *codes) if text in data_of(user)]


def test_equal_secrets_are_encrypted_differently():
    assert encryption.encrypt("x") != encryption.encrypt("x")


def test_a_first_key_of_its_own_can_be_set_later_and_replaced(user, settings):
    secret = steps.give_app(user)  # with SECRET_KEY
    settings.MFA_ENCRYPTION_KEYS = [FIRST]
    assert can_sign_in(user, secret)
    call_command("reencrypt_factors", stdout=StringIO())
    settings.MFA_ENCRYPTION_KEYS = [SECOND, FIRST]
    codes = steps.recovery_codes(user)
    out = StringIO()
    call_command("reencrypt_factors", stdout=out)
    assert out.getvalue().startswith("2 ")
    settings.MFA_ENCRYPTION_KEYS = [SECOND]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 5, []
    assert steps.recovery_codes(user) == codes
    assert can_sign_in(user, secret, 1)


def test_the_secret_key_can_be_changed_with_its_fallbacks(user, settings):
    secret = steps.give_app(user)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another " * 5
    assert can_sign_in(user, secret)


def test_a_secret_that_fits_no_key_is_named_and_shuts_nobody_else_out(user, other_user, settings):
    steps.give_app(user)
    settings.SECRET_KEY = "another " * 5
    secret = steps.give_app(other_user)
    out = StringIO()
    with pytest.raises(CommandError, match=f"{user.pk}"):
        call_command("reencrypt_factors", stdout=out)
    assert out.getvalue().startswith("0 ")  # that of the other has the newest key
    assert can_sign_in(other_user, secret)
    client = steps.browser()
    steps.sign_in(client, user)
    with capture_logs() as lines:
        for path in (steps.CONFIRM, steps.RECOVERY):
            assert client.post(path, {"code": "123456"}).status_code == 200
    assert [line["factor"] for line in lines if line["event"] == "factor_unreadable"] == ["totp", "recovery_codes"]


def test_an_operator_lets_someone_in_who_lost_everything(user, mail_box):
    steps.give_app(user)
    call_command("remove_factors", user.email.upper(), stdout=StringIO())
    client = steps.browser()
    steps.sign_in(client, user)
    assert steps.is_signed_in(client)
    assert "removed" in mail_box.to(user.email)[-1]["Subject"]
    with pytest.raises(CommandError):
        call_command("remove_factors", "nobody@example.org", stdout=StringIO())


def test_what_was_removed_is_said_where_the_mail_server_is_away(user, settings):
    settings.EMAIL_PORT = 1
    steps.give_app(user)
    out, err = StringIO(), StringIO()
    call_command("remove_factors", user.email, stdout=out, stderr=err)
    assert out.getvalue().startswith("2 removed")  # the app, and the recovery codes
    assert "ConnectionRefusedError" in err.getvalue()
