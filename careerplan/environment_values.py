"""Rules for the values of environment variables: each turns a text into a value, or says how to write it.

A rule raises ValueError with the second half of a sentence: "must be ...".
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url

from careerplan.early_text import _

Rule = Callable[[str], Any]

SECRET_LENGTH = 32
HOST = re.compile(r"\.?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?", re.IGNORECASE)
ADDRESS = re.compile(r"[^\s@<>,;]+@([a-z0-9-]+\.)*[a-z0-9-]+", re.IGNORECASE)
MAIL_SCHEMES = {"smtp": (25, False, False), "smtp+tls": (587, True, False), "smtp+ssl": (465, False, True)}
REDIS_SCHEMES = {"redis", "rediss", "unix"}
LOCAL_PART_LENGTH = 64  # RFC 5321, 4.5.3.1
THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


@dataclass(frozen=True)
class MailServer:
    """Address and credentials of a mail server."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    tls: bool


@dataclass(frozen=True)
class Origin:
    """The address of the site: scheme and host with its port, and the host alone."""

    url: str
    host: str

    @property
    def is_https(self) -> bool:
        return self.url.startswith("https://")


def text(value: str) -> str:
    """Take any text."""
    return value


def folder(value: str) -> Path:
    """Take the path of a folder."""
    return Path(value)


def secret(value: str) -> str:
    """Take a secret of at least SECRET_LENGTH characters."""
    if len(value) < SECRET_LENGTH:
        raise ValueError(_("must have at least %(n)s characters") % {"n": SECRET_LENGTH})
    return value


def secrets(value: str) -> list[str]:
    """Take secrets, separated by commas."""
    found = split(value)
    if any(len(key) < SECRET_LENGTH for key in found):
        raise ValueError(_("must be keys of at least %(n)s characters, separated by commas") % {"n": SECRET_LENGTH})
    return found


def split(value: str) -> list[str]:
    """Split at commas. A trailing comma must not become an empty key or host."""
    return [part.strip() for part in value.split(",") if part.strip()]


def hosts(value: str) -> list[str]:
    """Take host names, separated by commas."""
    found = split(value)
    if not found or not all(HOST.fullmatch(host) or _is_ip(host) for host in found):
        raise ValueError(
            _("must be host names without https:// and port, separated by commas, such as plan.example.org")
        )
    return found


def _is_ip(host: str) -> bool:
    try:
        ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def whole_number(least: int, most: int) -> Rule:
    """Return the rule for a whole number in a range."""

    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", value) or not least <= int(value) <= most:
            raise ValueError(_("must be a whole number from %(least)s to %(most)s") % {"least": least, "most": most})
        return int(value)

    return read


def choice(*choices: str) -> Rule:
    """Return the rule for one of some words."""

    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(_("must be one of %(words)s") % {"words": ", ".join(choices)})
        return value

    return read


def yes_or_no(value: str) -> bool:
    """Take true or false."""
    known = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
    if value.lower() not in known:
        raise ValueError(_("must be true or false"))
    return known[value.lower()]


def log_level(value: str) -> int:
    """Take the name of a log level."""
    if value.upper() not in LOG_LEVELS:
        raise ValueError(_("must be one of %(words)s") % {"words": ", ".join(LOG_LEVELS)})
    return logging.getLevelNamesMapping()[value.upper()]


def sender(value: str) -> str:
    """Take `Name <address>` or an address."""
    name, address = parseaddr(value)
    # parseaddr takes almost anything: the address has to be all that is left.
    rest = value.strip().removesuffix(f"<{address}>") if name else value.strip().strip("<>")
    if not ADDRESS.fullmatch(address) or (not name and rest != address):
        raise ValueError(_("must be a name and an email address, such as Careerplan <plan@example.org>"))
    return value


def email_address(value: str) -> str:
    """Take an email address without a name."""
    if not ADDRESS.fullmatch(value):
        raise ValueError(_("must be an email address, such as stop@example.org"))
    return value


def envelope_sender(value: str) -> str:
    """Take an email address in which `{key}` may stand for the key of each email: 32 hexadecimal digits."""
    address = value.replace("{key}", "0" * 32)
    if not ADDRESS.fullmatch(address) or not address.isascii() or len(address.partition("@")[0]) > LOCAL_PART_LENGTH:
        raise ValueError(
            _("must be an email address, such as bounces@plan.example.org or bounces+{key}@plan.example.org")
        )
    return value


def base_url(value: str) -> Origin:
    """Parse `https://plan.example.org`. http is allowed for this machine only."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValueError(_("must be an address with a port from 1 to 65535, or without one")) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.path.strip("/"):
        raise ValueError(_("must be an address without a path, such as https://plan.example.org"))
    if parts.query or parts.fragment or port == 0:
        raise ValueError(_("must end with the host name, such as https://plan.example.org"))
    if parts.scheme == "http" and parts.hostname not in THIS_MACHINE:
        raise ValueError(_("must start with https://"))
    return Origin(f"{parts.scheme}://{parts.netloc}", parts.hostname)


def database_url(value: str) -> dict[str, Any]:
    """Parse `postgres://user:password@host:5432/name` into Django's settings."""
    try:
        found = dict(dj_database_url.parse(value, conn_max_age=None, conn_health_checks=True))
    except ValueError:
        found = {}
    if "postgresql" not in str(found.get("ENGINE", "")) or not found.get("NAME"):
        raise ValueError(_("must look like postgres://user:password@host:5432/name, special characters as %40"))
    return found


def redis_url(value: str) -> str:
    """Take `redis://:password@host:6379/0`."""
    try:
        parts = urlsplit(value)
        port, number = parts.port, parts.path.strip("/")
    except ValueError:
        port, number, parts = 0, "", urlsplit("")
    is_place = bool(parts.path) if parts.scheme == "unix" else bool(parts.hostname) and number.isdigit() | (not number)
    if parts.scheme not in REDIS_SCHEMES or not is_place or port == 0:
        raise ValueError(_("must look like redis://:password@host:6379/0, or rediss:// with TLS"))
    return value


def mail_server(value: str) -> MailServer:
    """Parse `smtp+tls://user:password@host:587`; smtp+tls is STARTTLS, smtp+ssl is TLS, smtp is neither."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in MAIL_SCHEMES or not parts.hostname:
        raise ValueError(
            _(
                "must look like smtp+tls://user:password@mail.example.org:587, "
                "with smtp+tls for STARTTLS, smtp+ssl for TLS or smtp for neither"
            )
        )
    usual, starttls, tls = MAIL_SCHEMES[parts.scheme]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port or usual, user, password, starttls, tls)


def https_url(value: str) -> str:
    """Take an https address, or an http address of this machine."""
    parts = urlsplit(value)
    is_local = parts.scheme == "http" and parts.hostname in THIS_MACHINE
    if not parts.hostname or not (parts.scheme == "https" or is_local):
        raise ValueError(_("must start with https://"))
    return value


def sentry_dsn(value: str) -> str:
    """Take `https://key@sentry.example.org/1`."""
    parts = urlsplit(https_url(value))
    if not parts.username or not parts.path.strip("/").rpartition("/")[2].isdigit():
        raise ValueError(_("must look like https://key@sentry.example.org/1"))
    return value


def hexadecimal(value: str) -> str:
    """Take 32 or more hexadecimal digits."""
    if not re.fullmatch("[0-9a-f]{32,}", value):
        raise ValueError(_("must have at least 32 hexadecimal digits"))
    return value
