"""The environment: each variable has a rule, and a wrong value is answered by a sentence before anything starts."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from careerplan import environment
from careerplan import environment_values as rules
from careerplan.environment import VARIABLES, read_environment

ROOT = Path(__file__).resolve().parents[1]
MANUAL = ROOT / "docs" / "operating" / "settings.md"
SECURE = {
    "SECRET_KEY": "s" * 48,
    "ALLOWED_HOSTS": "plan.example.org",
    "BASE_URL": "https://plan.example.org",
    "DATABASE_URL": "postgres://me:p%40ss@db.example.org:5432/plan",
    "REDIS_URL": "redis://:pass@redis.example.org:6379/0",
    "EMAIL_URL": "smtp+tls://me:p%40ss@mail.example.org",
    "EMAIL_FROM": "Careerplan <plan@example.org>",
}
REQUIRED = list(SECURE)


@pytest.fixture
def read(monkeypatch):
    """Reads an environment in which only these variables are set."""

    def read_with(**changes: str | None):
        for variable in VARIABLES:
            monkeypatch.delenv(variable.name, raising=False)
            monkeypatch.delenv(f"{variable.name}_FILE", raising=False)
        for name, value in {**SECURE, **changes}.items():
            if value is not None:
                monkeypatch.setenv(name, value)
        return read_environment()

    return read_with


def problem(read, **changes: str | None) -> str:
    with pytest.raises(ImproperlyConfigured) as refused:
        read(**changes)
    return str(refused.value)


def test_what_is_right_is_read(read):
    values = read(SECRET_KEY_FALLBACKS=" old" * 12 + ",", HSTS_SUBDOMAINS="true")
    assert values["BASE_URL"] == rules.Origin("https://plan.example.org", "plan.example.org")
    assert values["DATABASE_URL"]["PASSWORD"] == "p@ss"
    assert values["EMAIL_URL"] == rules.MailServer("mail.example.org", 587, "me", "p@ss", starttls=True, tls=False)
    assert values["UNSUBSCRIBE_MAILTO"] == "plan@example.org"
    assert len(values["SECRET_KEY_FALLBACKS"]) == 1
    assert values["HSTS_SUBDOMAINS"] is True


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("value", [None, "", " "])
def test_what_is_missing_is_named(read, name, value):
    assert f"{name} is missing." in problem(read, **{name: value})


def test_all_problems_are_named_at_once(read):
    said = problem(read, **dict.fromkeys(REQUIRED), SCHEDULER_SECONDS="soon")
    assert [name for name in [*REQUIRED, "SCHEDULER_SECONDS"] if f"{name} " not in said] == []


WRONG = [
    ("ALLOWED_HOSTS", "https://plan.example.org", "without https://"),
    ("ALLOWED_HOSTS", "plan.example.org:443", "without https:// and port"),
    ("ALLOWED_HOSTS", "*", "host names"),
    ("ALLOWED_HOSTS", "other.example.org", "the host of BASE_URL, plan.example.org"),
    ("BASE_URL", "plan.example.org", "without a path"),
    ("BASE_URL", "http://plan.example.org", "must start with https://"),
    ("BASE_URL", "https://u:p@plan.example.org", "without a path"),
    ("BASE_URL", "https://plan.example.org/careerplan", "without a path"),
    ("BASE_URL", "https://plan.example.org?x=1", "must end with the host name"),
    ("BASE_URL", "https://plan.example.org:port", "a port from 1 to 65535"),
    ("DATABASE_URL", "mysql://me@db/plan", "must look like postgres://"),
    ("DATABASE_URL", "postgres://me@db", "must look like postgres://"),
    ("DATABASE_URL", "plan", "must look like postgres://"),
    ("REDIS_URL", "redis.example.org:6379", "must look like redis://"),
    ("REDIS_URL", "redis://", "must look like redis://"),
    ("REDIS_URL", "redis://host:port/0", "must look like redis://"),
    ("REDIS_URL", "redis://host/first", "must look like redis://"),
    ("EMAIL_URL", "smtps://mail.example.org", "must look like smtp+tls://"),
    ("EMAIL_URL", "console:", "must look like smtp+tls://"),
    ("EMAIL_URL", "smtp://", "must look like smtp+tls://"),
    ("EMAIL_URL", "smtp://mail.example.org:port", "must look like smtp+tls://"),
    ("EMAIL_FROM", "nonsense", "must be a name and an email address"),
    ("EMAIL_FROM", "Careerplan plan@example.org", "must be a name and an email address"),
    ("EMAIL_FROM", "Careerplan <plan>", "must be a name and an email address"),
    ("UNSUBSCRIBE_MAILTO", "Stop <stop@example.org>", "must be an email address"),
    ("SECRET_KEY", "short", "at least 32 characters"),
    ("SECRET_KEY_FALLBACKS", "short", "at least 32 characters"),
    ("SECRET_KEY_FALLBACKS", "s" * 48, "the present SECRET_KEY"),
    ("MFA_ENCRYPTION_KEYS", "short", "at least 32 characters"),
    ("METRICS_TOKEN", "short", "at least 32 characters"),
    ("SCHEDULER_SECONDS", "0", "from 1 to 120"),
    ("SCHEDULER_SECONDS", "600", "from 1 to 120"),
    ("SCHEDULER_SECONDS", "soon", "from 1 to 120"),
    ("WEB_PROCESSES", "0", "1 to 64"),
    ("WEB_THREADS", "many", "1 to 32"),
    ("WORKER_PROCESSES", "65", "1 to 64"),
    ("DOCUMENTS_AT_ONCE", "0", "from 1 to 64"),
    ("INVITATIONS_A_DAY", "0", "from 1 to 100"),
    ("INVITATIONS_TO_ADDRESS_A_DAY", "many", "from 1 to 100"),
    ("TRUSTED_PROXY_COUNT", "-1", "from 0 to 10"),
    ("STATEMENT_TIMEOUT_SECONDS", "1.5", "whole number"),
    ("REMINDER_LEASE_SECONDS", "96", "must be more than 96: 3 times"),
    ("EMAIL_ENVELOPE_SENDER", "nobody", "must be an email address"),
    ("EMAIL_ENVELOPE_SENDER", "bounces-of-our-own-careerplan-site-{key}@example.org", "must be an email address"),
    ("HSTS_SUBDOMAINS", "perhaps", "true or false"),
    ("HSTS_PRELOAD", "true", "needs HSTS_SUBDOMAINS"),
    ("LOG_LEVEL", "LOUD", "must be one of"),
    ("LOG_FORMAT", "xml", "must be one of json, console"),
    ("SENTRY_DSN", "https://sentry.example.org/1", "must look like https://key@"),
    ("OIDC_ISSUER", "https://id.example.org", "Give all of OIDC_ISSUER"),
    ("OIDC_ISSUER", "http://id.example.org", "must start with https://"),
    ("OIDC_NAME", "Example", "Give all of OIDC_ISSUER"),
    ("FIRST_OPERATOR", "Ines", "an email address"),
    ("LOCAL_MAIL_DIR", "/tmp", "needs a LOCAL_MAIL_KEY"),
    ("LOCAL_MAIL_KEY", "key", "hexadecimal digits"),
]


@pytest.mark.parametrize(("name", "value", "sentence"), WRONG)
def test_what_makes_no_sense_is_refused_by_a_sentence(read, name, value, sentence):
    said = problem(read, **{name: value})
    assert name in said
    assert sentence in said


def test_every_sentence_is_translated_before_django_is_set_up(read, monkeypatch):
    """Another language has a word of its own for each."""
    for module in (environment, rules):
        monkeypatch.setattr(module, "_", lambda text: f"«{text}»")
    for name, value, _sentence in WRONG:
        assert re.search(rf"{name} «must|«[^»]*{name}|{name} «is missing", problem(read, **{name: value})), name


def test_every_variable_with_a_rule_has_a_wrong_value_above():
    free = {"OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"}  # any text
    free |= {"STATIC_ROOT", "WORKER_LIFE_FILE", "DELETIONS_FILE", "BACKUP_FOLDER"}
    ranged = {v.name for v in VARIABLES if v.name.endswith("_SECONDS")}
    assert {variable.name for variable in VARIABLES} - {name for name, *_ in WRONG} - free - ranged == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"ALLOWED_HOSTS": ".example.org"},
        {"ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]", "BASE_URL": "http://[::1]:8000"},
        {"BASE_URL": "https://plan.example.org:8443/"},
        {"REDIS_URL": "rediss://redis.example.org"},
        {"REDIS_URL": "unix:///run/valkey.sock"},
        {"EMAIL_FROM": "plan@example.org"},
        {"DATABASE_URL": "postgres://plan@/plan?host=%2Frun%2Fpostgresql"},
        {"SENTRY_DSN": "https://key@sentry.example.org/1"},
        {"METRICS_TOKEN": "", "SCHEDULER_SECONDS": ""},
    ],
)
def test_unusual_but_right_values_are_taken(read, changes):
    read(**changes)


def test_no_secret_is_shown_in_a_message(read):
    for variable in VARIABLES:
        if variable.is_secret:
            assert "hush" not in problem(read, **{variable.name: "hush://hush"}), variable.name


def test_a_secret_can_come_from_a_file(read, tmp_path):
    file = tmp_path / "secret-key"
    file.write_text("f" * 48 + "\n")
    assert read(SECRET_KEY=None, SECRET_KEY_FILE=str(file))["SECRET_KEY"] == "f" * 48
    assert "SECRET_KEY cannot be read from the file" in problem(read, SECRET_KEY_FILE=str(tmp_path / "none"))


def test_every_variable_is_in_the_manual_and_no_other():
    rows = re.findall(r"^\| `([A-Z_]+)` \| (yes)? ?\|", MANUAL.read_text(), re.MULTILINE)
    assert sorted(rows) == sorted((v.name, "yes" if v.is_required else "") for v in VARIABLES)


def test_the_example_file_is_for_a_server_with_tls():
    url = re.search(r"^EMAIL_URL=(\S+)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert rules.mail_server(url[1]).starttls
