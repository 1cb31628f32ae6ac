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

from careerplan.core.http import FORM_BYTES
from careerplan.core.request_log import REQUEST_ID
from careerplan.core.seen_request import make_key
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
        yield Diagnosis("site", f"{settings.BASE_URL}: {error}", "Start web and proxy, and let BASE_URL lead to it.")
        return
    if alive.status != HTTPStatus.OK:
        mend = "Let the proxy pass on the Host header, and add the host to ALLOWED_HOSTS."
        yield Diagnosis("site", f"{settings.BASE_URL}/health/web/ answers {alive.status}", mend)
        return
    yield Diagnosis("site", f"{settings.BASE_URL} answers")
    try:
        yield from _check_proxies()
    except (OSError, http.client.HTTPException) as error:
        yield Diagnosis("proxy", f"{PAGE}: {error}", "See the log of the proxy.")


def _check_proxies() -> Iterator[Diagnosis]:
    answer = ask_site("POST", PAGE, halves=(b"x" * 1000, b"x" * 1000))
    if answer.status != HTTPStatus.OK:
        mend = "Give this machine and web the same SECRET_KEY and version, and their clocks the same time."
        yield Diagnosis("proxy", f"{PAGE} answers {answer.status}: it does not know our key", mend)
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
        return Diagnosis("proxy", f"the scheme is seen: {expected}")
    mend = "Let the proxy set X-Forwarded-Proto, and set TRUSTED_PROXY_COUNT to the number of proxies."
    return Diagnosis("proxy", f"people use {expected}, and web sees {seen['scheme']}", mend)


def judge_addresses(seen: Mapping[str, Any]) -> Diagnosis:
    """Return whether web sees the address of the client: neither that of a proxy, nor one that the client invented."""
    forwarded, trusted = list(seen["forwarded"]), int(seen["trusted_proxies"])
    added = forwarded[forwarded.index(INVENTED) + 1 :] if INVENTED in forwarded else forwarded
    if len(added) == trusted:
        return Diagnosis("proxy", f"the address of the client is seen: {added[0] if added else seen['peer']}")
    if not added:
        found = f"no proxy adds an address to X-Forwarded-For, and TRUSTED_PROXY_COUNT is {trusted}"
        mend = "Let it add one (nginx: proxy_set_header X-Forwarded-For $remote_addr). Without a proxy set it to 0."
        return Diagnosis("proxy", found, mend)
    found = f"X-Forwarded-For gets {len(added)} addresses ({', '.join(added)}), and TRUSTED_PROXY_COUNT is {trusted}"
    why = "all people share one limit of attempts" if len(added) > trusted else "people can invent their address"
    return Diagnosis("proxy", f"{found}: {why}", f"Set TRUSTED_PROXY_COUNT={len(added)}.")


def judge_buffering(seen: Mapping[str, Any]) -> Diagnosis:
    """Return who waits for slow uploads. Both ways work."""
    if seen["body_seconds"] is None:
        return Diagnosis("proxy", "who waits for slow uploads is not known")
    is_careerplan = seen["body_seconds"] > PAUSE_SECONDS / 2
    return Diagnosis("proxy", f"slow uploads wait in {'Careerplan' if is_careerplan else 'the proxy'}")


def _check_size() -> Diagnosis:
    """Announce a body of the largest size, and send nothing of it."""
    size = settings.MAX_UPLOAD_BYTES + FORM_BYTES
    try:
        answer = ask_site("POST", PAGE, announced=size)
    except TimeoutError:
        answer = SiteAnswer(0)
    if answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and not answer.is_ours:
        mend = "Let the proxy take bodies of 52 MB (nginx: client_max_body_size 52m)."
        return Diagnosis("proxy", f"it refuses a body of {size // 1_000_000} MB", mend)
    return Diagnosis("proxy", f"it lets a body of {size // 1_000_000} MB through")


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
