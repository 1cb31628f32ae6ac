"""Somebody who uses the site over HTTPS, and the mailbox of its mail server."""

import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default
from html.parser import HTMLParser
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, HTTPSHandler, Request, build_opener

SITE = "https://plan.example.org"
SECONDS = 20
PASSWORD = "violet-harbour-31-lanterns"


class _Forms(HTMLParser):
    """The fields of each form of a page, by its action."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("action", ""), {}))
        elif tag == "input" and self.found and given.get("name") and given.get("type") not in {"checkbox", "radio"}:
            self.found[-1][1][given["name"]] = given.get("value", "")


@dataclass
class Page:
    """An answer of the site."""

    status: int
    url: str
    text: str
    headers: Any


class Visitor:
    """A browser without a picture: cookies, redirects and forms."""

    def __init__(self, authority: Path) -> None:
        context = ssl.create_default_context(cafile=str(authority))
        self._opener = build_opener(HTTPSHandler(context=context), HTTPCookieProcessor(CookieJar()))

    def get(self, path: str, **headers: str) -> Page:
        """Ask for a page."""
        return self._ask(Request(urljoin(SITE, path), headers=headers))

    def post(self, path: str, data: bytes, **headers: str) -> Page:
        """Send bytes."""
        return self._ask(Request(urljoin(SITE, path), data=data, headers={"Referer": SITE + path, **headers}))

    def submit(self, page: Page, field: str, **values: str) -> Page:
        """Fill in the form that has a field, and send it."""
        forms = _Forms()
        forms.feed(page.text)
        action, fields = next(form for form in forms.found if field in form[1])
        data = urlencode({**fields, **values}).encode()
        return self._ask(Request(urljoin(page.url, action or page.url), data=data, headers={"Referer": page.url}))

    def _ask(self, request: Request) -> Page:
        try:
            response: HTTPResponse = self._opener.open(request, timeout=SECONDS)
        except HTTPError as error:
            response = error  # type: ignore[assignment]
        with response:
            return Page(response.status, response.url, response.read().decode(errors="replace"), response.headers)

    def status(self, path: str, *, is_form: bool = False) -> int:
        """Return the status of a page, or of a form that is sent there; 0 where there is no answer."""
        try:
            return self.post(path, b"login=x").status if is_form else self.get(path).status
        except (URLError, OSError):
            return 0


def sign_up(visitor: Visitor, address: str, messages: Callable[[], list[Message]]) -> Page:
    """Sign up with the code of the email that arrives."""
    answers = {"name": "Ruth", "email": address, "password1": PASSWORD, "time_zone": "UTC"}
    page = visitor.submit(visitor.get("/account/signup/"), "password1", **answers)
    assert not page.url.endswith("/signup/"), page.text
    message = wait_for(lambda: next((one for one in messages() if one["To"] == address), None))
    code = re.search(r"\b[0-9]{6}\b", text_of(message))[0]
    return visitor.submit(page, "code", code=code)


def sign_in(visitor: Visitor, address: str) -> Page:
    """Sign in with the password."""
    return visitor.submit(visitor.get("/account/login/"), "password", login=address, password=PASSWORD)


def read_messages(stream: bytes, mark: bytes) -> list[Message]:
    """Parse messages that stand one after the other, each after a mark."""
    return [message_from_bytes(part, policy=default) for part in stream.split(mark)[1:]]


def text_of(message: Message) -> str:
    """Return the text part of an email."""
    part = message.get_body(("plain",))  # type: ignore[attr-defined]
    return str(part.get_content())


def wait_for(condition: Callable[[], Any], seconds: float = 120, pause: float = 0.5) -> Any:
    """Wait until something is there, and return it. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} seconds")
        time.sleep(pause)
    return found
