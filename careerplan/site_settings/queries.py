"""The settings of the site as every page needs them: kept in memory, looked at again after a few seconds.

A page must cost no query for them, and several processes must agree. So each process keeps a `Site` and asks for its
version in the database once in `CHECK_SECONDS`; the others of its threads go on with the one that there is. Without the
database the last one stays.
"""

import threading
import time
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import Error, connection, transaction
from django.db.models import Q

from careerplan.site_settings.models import DEFAULT_NAME, LegalText, SignUp, SiteLogo, SiteSettings, TextKind

CHECK_SECONDS = 5.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TextVersion:
    """The version of a legal text that is in force. Who agreed to number `agreed_from` or a later one is not asked.

    0: no version asks people who have an account.
    """

    kind: str
    number: int
    agreed_from: int
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The settings of the site. `version` 0: nothing was ever set."""

    version: int = 0
    name: str = DEFAULT_NAME
    support_address: str = ""
    colour: str = ""
    has_logo: bool = False
    sign_up: str = SignUp.EVERYONE
    domains: tuple[str, ...] = ()
    notice: str = ""
    unconfirmed_days: int = 7
    inactive_years: int | None = None
    email_days: int = 365
    history_years: int | None = None
    refused_days: int = 180
    texts: tuple[TextVersion, ...] = ()

    def text(self, kind: str) -> TextVersion | None:
        """Return the version of a legal text that is in force; None where the site has no such text."""
        return next((text for text in self.texts if text.kind == kind), None)

    @property
    def terms(self) -> TextVersion | None:
        return self.text(TextKind.TERMS)

    @property
    def privacy(self) -> TextVersion | None:
        return self.text(TextKind.PRIVACY)

    @property
    def imprint(self) -> TextVersion | None:
        return self.text(TextKind.IMPRINT)

    @property
    def agreed_texts(self) -> list[TextVersion]:
        """The texts to which people agree at sign-up."""
        return [text for text in (self.terms, self.privacy) if text]


class _Memory:
    """What this process knows, and until when it does not ask again (monotonic seconds)."""

    site = Site()
    good_until = 0.0
    lock = threading.Lock()


def current_site() -> Site:
    """Return the settings of the site. One query in CHECK_SECONDS, and none where another thread asks just now."""
    if time.monotonic() < _Memory.good_until or not _Memory.lock.acquire(blocking=False):
        return _Memory.site
    try:
        if time.monotonic() >= _Memory.good_until:
            _look_again()
        return _Memory.site
    finally:
        _Memory.lock.release()


def known_site() -> Site:
    """Return the settings that this process saw last, without a query: for pages that say that something failed."""
    return _Memory.site


def remember(site: Site, *, seconds: float = CHECK_SECONDS) -> None:
    """Use these settings in this process, and ask for their version again after `seconds`."""
    _Memory.site, _Memory.good_until = site, time.monotonic() + seconds


def forget() -> None:
    """Ask for the version at the next look: this transaction has changed the settings, or has been rolled back."""
    _Memory.good_until = 0.0


def _look_again() -> None:
    known = _Memory.site
    try:
        if connection.in_atomic_block and connection.needs_rollback:
            return  # this transaction can ask nothing any more
        with transaction.atomic():
            found = SiteSettings.objects.values_list("version", flat=True).first() or 0
            remember(known if found == known.version else load_site())
    except Error as error:
        log.warning("site_settings_not_read", kind=type(error).__name__)
        remember(known)


def load_site() -> Site:
    """Read the settings. Three queries."""
    row = SiteSettings.objects.first()
    if row is None:
        return Site()
    kept = ("unconfirmed_days", "inactive_years", "email_days", "history_years", "refused_days")
    shown = ("version", "name", "support_address", "colour", "sign_up", "notice")
    return Site(
        **{name: getattr(row, name) for name in (*shown, *kept)},
        domains=tuple(row.domains),
        has_logo=SiteLogo.objects.exists(),
        texts=texts_in_force(),
    )


def texts_in_force() -> tuple[TextVersion, ...]:
    """Return the newest version of each legal text that is not blank. One query."""
    found: dict[str, TextVersion] = {}
    asked: dict[str, int] = {}
    rows = LegalText.objects.annotate(has_text=~Q(text="")).order_by("kind", "number")
    for kind, number, asks_again, published_at, has_text in rows.values_list(
        "kind", "number", "asks_again", "published_at", "has_text"
    ):
        if asks_again:
            asked[kind] = number
        found.pop(kind, None)
        if has_text:
            found[kind] = TextVersion(kind, number, asked.get(kind, 0), published_at)
    return tuple(found.values())
