"""Readings of the environment."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from careerplan.core.environment import MailServer, parse_base_url, parse_email_url, strip_blanks

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1:1025", MailServer("127.0.0.1", 1025, "", "", starttls=False, tls=False)),
        ("smtp+tls://me:p%40ss@mail.example.org", MailServer("mail.example.org", 587, "me", "p@ss", True, False)),
        ("smtp+ssl://mail.example.org", MailServer("mail.example.org", 465, "", "", starttls=False, tls=True)),
    ],
)
def test_email_url_sets_the_encryption(url, server):
    assert parse_email_url(url) == server


def test_example_email_url_uses_tls():
    url = re.search(r"^EMAIL_URL=(\S+)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert parse_email_url(url[1]).starttls


@pytest.mark.parametrize("url", ["", "console:", "smtps://mail.example.org", "submission://x", "smtp://", "mail:25"])
def test_invalid_email_url_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL must look like"):
        parse_email_url(url)


def test_base_url_is_reduced_to_the_origin():
    assert parse_base_url("https://plan.example.org/") == ("https://plan.example.org", "plan.example.org")
    assert parse_base_url("http://127.0.0.1:8000") == ("http://127.0.0.1:8000", "127.0.0.1")


@pytest.mark.parametrize(
    "url", ["plan.example.org", "http://plan.example.org", "https://u:p@plan.example.org", "https://x/y", "https://x?y"]
)
def test_invalid_base_url_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="BASE_URL"):
        parse_base_url(url)


def test_blanks_in_a_list_are_removed():
    assert strip_blanks(["old", "", " b "]) == ["old", "b"]


def settings_with(**variables):
    """Return what another process prints of its settings for HSTS."""
    names = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    code = f"from careerplan import settings; print([getattr(settings, name) for name in {names}])"
    environment = {**os.environ, "BASE_URL": "https://plan.example.org", "LOCAL_MAIL_DIR": "", **variables}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT, check=False)


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, "[3600, False, False]"),
        ({"BASE_URL": "http://127.0.0.1:8000"}, "[0, False, False]"),
        ({"HSTS_SECONDS": "31536000", "HSTS_SUBDOMAINS": "true", "HSTS_PRELOAD": "true"}, "[31536000, True, True]"),
    ],
)
def test_hsts_grows_by_settings(variables, found):
    assert settings_with(**variables).stdout.strip() == found


def test_preload_needs_the_rest():
    assert "HSTS_PRELOAD" in settings_with(HSTS_PRELOAD="true").stderr
