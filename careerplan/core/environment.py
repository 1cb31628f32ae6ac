"""Parsers of environment variables: the mail server, the origin of the site, lists.

Each raises ImproperlyConfigured with a sentence that says what to write instead.
"""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

MAIL_SCHEMES = {"smtp": (25, False, False), "smtp+tls": (587, True, False), "smtp+ssl": (465, False, True)}


@dataclass(frozen=True)
class MailServer:
    """Address and credentials of a mail server."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    tls: bool


def parse_email_url(url: str) -> MailServer:
    """Parse `smtp+tls://user:password@host:587`; smtp+tls is STARTTLS, smtp+ssl is TLS, smtp is neither."""
    parts = urlsplit(url)
    if parts.scheme not in MAIL_SCHEMES or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL must look like smtp+tls://user:password@mail.example.org:587 "
            "(smtp+tls: STARTTLS, smtp+ssl: TLS, smtp: neither)."
        )
    port, starttls, tls = MAIL_SCHEMES[parts.scheme]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, parts.port or port, user, password, starttls, tls)


def parse_base_url(url: str) -> tuple[str, str]:
    """Parse `https://plan.example.org` into origin and host name. http is allowed for this machine only."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.path.strip("/"):
        raise ImproperlyConfigured(f"BASE_URL must be an address without a path: https://plan.example.org, not {url}.")
    if parts.query or parts.fragment:
        raise ImproperlyConfigured(f"BASE_URL must end with the host name, but it is {url}.")
    if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise ImproperlyConfigured(f"BASE_URL must start with https:// (it is {url}).")
    return f"{parts.scheme}://{parts.netloc}", parts.hostname


def check_openid(issuer: str, *others: str) -> None:
    """Raise ImproperlyConfigured unless all four settings of OpenID Connect are given, or none."""
    if any(others) != bool(issuer) or (issuer and not all(others)):
        raise ImproperlyConfigured(
            "Give all of OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and OIDC_NAME, or none."
        )
    parts = urlsplit(issuer)
    is_local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if issuer and not (parts.scheme == "https" and parts.hostname) and not is_local:
        raise ImproperlyConfigured(f"OIDC_ISSUER must start with https:// (it is {issuer}).")


def strip_blanks(values: list[str]) -> list[str]:
    """Remove blanks from a list: a trailing comma must not become an empty key or host."""
    return [value.strip() for value in values if value.strip()]
