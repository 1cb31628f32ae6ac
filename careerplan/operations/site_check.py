"""The site as people reach it: doctor asks it at BASE_URL, and it says how the request arrived behind the proxies."""

import http.client
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from careerplan.core.http import FORM_BYTES
from careerplan.core.request_log import REQUEST_ID
from careerplan.core.seen_request import make_key
from careerplan.core.sentences import join_list
from careerplan.operations.diagnosis import Diagnosis

PAGE = "/health/proxy/"
SITE_SECONDS = 5.0
LARGE_BODY_SECONDS = 2.0
"""How long a proxy has to refuse a body for its announced length; one that waits for the body lets it through."""
PAUSE_SECONDS = 1.0
"""Between the two halves of a body: a proxy that buffers sends both at once."""
INVENTED = "192.0.2.1"
"""An address of nobody (RFC 5737), which our request claims to come from."""


@dataclass(frozen=True)
class SiteAnswer:
    """What came back, from Careerplan or from a proxy before it."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def is_ours(self) -> bool:
        return REQUEST_ID.lower() in self.headers


def check_site() -> Iterator[Diagnosis]:
    """Whether the site answers, and what its proxies do with scheme, address of the client and bodies."""
    try:
        alive = ask_site("GET", "/health/web/")
    except (OSError, http.client.HTTPException) as error:
        yield Diagnosis("site", f"{settings.BASE_URL}: {error}", _("Start web and proxy, and let BASE_URL lead to it."))
        return
    if alive.status != HTTPStatus.OK:
        mend = _("Let the proxy pass on the Host header, and add the host to ALLOWED_HOSTS.")
        found = _("%(address)s answers %(status)s")
        said = {"address": f"{settings.BASE_URL}/health/web/", "status": alive.status}
        yield Diagnosis("site", found % said, mend)
        return
    yield Diagnosis("site", _("%(address)s answers") % {"address": settings.BASE_URL})
    try:
        yield from _check_proxies()
    except (OSError, http.client.HTTPException) as error:
        yield Diagnosis("proxy", f"{PAGE}: {error}", _("See the log of the proxy."))


def _check_proxies() -> Iterator[Diagnosis]:
    answer = ask_site("POST", PAGE, halves=(b"x" * 1000, b"x" * 1000))
    if answer.status != HTTPStatus.OK:
        mend = _("Give this machine and web the same SECRET_KEY and version, and their clocks the same time.")
        found = _("%(address)s answers %(status)s: it does not know our key")
        yield Diagnosis("proxy", found % {"address": PAGE, "status": answer.status}, mend)
        return
    seen = json.loads(answer.body)
    yield judge_scheme(seen)
    yield judge_addresses(seen)
    yield judge_buffering(seen)
    yield _check_size()


def judge_scheme(seen: Mapping[str, Any]) -> Diagnosis:
    """Return whether web knows that people use https."""
    expected = "https" if settings.HTTPS else "http"
    if seen["scheme"] == expected:
        return Diagnosis("proxy", _("the scheme is seen: %(scheme)s") % {"scheme": expected})
    mend = _("Let the proxy set X-Forwarded-Proto, and set TRUSTED_PROXY_COUNT to the number of proxies.")
    found = _("people use %(expected)s, and web sees %(seen)s") % {"expected": expected, "seen": seen["scheme"]}
    return Diagnosis("proxy", found, mend)


def judge_addresses(seen: Mapping[str, Any]) -> Diagnosis:
    """Return whether web sees the address of the client: neither that of a proxy, nor one that the client invented."""
    forwarded, trusted = list(seen["forwarded"]), int(seen["trusted_proxies"])
    added = forwarded[forwarded.index(INVENTED) + 1 :] if INVENTED in forwarded else forwarded
    if len(added) == trusted:
        found = _("the address of the client is seen: %(address)s") % {"address": added[0] if added else seen["peer"]}
        return Diagnosis("proxy", found)
    if not added:
        found = _("no proxy adds an address to X-Forwarded-For, and TRUSTED_PROXY_COUNT is %(n)s") % {"n": trusted}
        mend = _("Let it add one (nginx: proxy_set_header X-Forwarded-For $remote_addr). Without a proxy set it to 0.")
        return Diagnosis("proxy", found, mend)
    if len(added) > trusted:
        found = _(
            "X-Forwarded-For gets %(added)s addresses (%(addresses)s), and TRUSTED_PROXY_COUNT is %(n)s: "
            "all people share one limit of attempts"
        )
    else:
        found = _(
            "X-Forwarded-For gets %(added)s addresses (%(addresses)s), and TRUSTED_PROXY_COUNT is %(n)s: "
            "people can invent their address"
        )
    values = {"added": len(added), "addresses": join_list(added), "n": trusted}
    return Diagnosis("proxy", found % values, _("Set TRUSTED_PROXY_COUNT=%(n)s.") % {"n": len(added)})


def judge_buffering(seen: Mapping[str, Any]) -> Diagnosis:
    """Return who waits for slow uploads. Both ways work."""
    if seen["body_seconds"] is None:
        return Diagnosis("proxy", _("who collects slow uploads is not known"))
    is_careerplan = seen["body_seconds"] > PAUSE_SECONDS / 2
    found = _("Careerplan collects slow uploads") if is_careerplan else _("the proxy collects slow uploads")
    return Diagnosis("proxy", found)


def _check_size() -> Diagnosis:
    """Announce a body of the largest size, and send nothing of it."""
    size = settings.MAX_UPLOAD_BYTES + FORM_BYTES
    try:
        answer = ask_site("POST", PAGE, announced=size)
    except TimeoutError:
        answer = SiteAnswer(0)
    if answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and not answer.is_ours:
        mend = _("Let the proxy take bodies of 52 MB (nginx: client_max_body_size 52m).")
        return Diagnosis("proxy", _("it refuses a body of %(size)s MB") % {"size": size // 1_000_000}, mend)
    return Diagnosis("proxy", _("it lets a body of %(size)s MB through") % {"size": size // 1_000_000})


def ask_site(method: str, path: str, *, halves: tuple[bytes, ...] = (), announced: int = 0) -> SiteAnswer:
    """Ask the site as people do, at BASE_URL, with our key. Raises OSError or HTTPException.

    The halves of a body are sent with a pause between them. A body that is only `announced` never comes.
    """
    parts = urlsplit(settings.BASE_URL)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=LARGE_BODY_SECONDS if announced else SITE_SECONDS)
    try:
        connection.putrequest(method, path)
        connection.putheader("Authorization", f"Bearer {make_key()}")
        connection.putheader("X-Forwarded-For", INVENTED)
        if method == "POST":
            connection.putheader("Content-Type", "application/octet-stream")
            connection.putheader("Content-Length", str(announced or sum(map(len, halves))))
        if announced:
            connection.putheader("Expect", "100-continue")
        connection.endheaders()
        for number, half in enumerate(halves):
            time.sleep(PAUSE_SECONDS if number else 0)
            connection.send(half)
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return SiteAnswer(answer.status, headers, answer.read())
    finally:
        connection.close()
