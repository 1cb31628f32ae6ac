"""Browsers of people, as far as a load needs them: cookies, forms, and requests that start when they are due."""

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin

from lxml import html


class Pacer:
    """Says when each request of all clients is due: so many a second."""

    def __init__(self, rate: float) -> None:
        self.rate, self._lock = rate, threading.Lock()
        self._next = 0.0

    def start(self) -> None:
        """Begin now."""
        self._next = time.monotonic()

    def wait(self) -> float:
        """Wait until the next request is due, and return that time. It is past where the clients are behind."""
        with self._lock:
            due, self._next = self._next, self._next + 1 / self.rate
        time.sleep(max(0.0, due - time.monotonic()))
        return due


@dataclass(frozen=True)
class LoadedPage:
    """The page at an address."""

    path: str
    status: int
    body: bytes


class Browser:
    """One person. Not for several threads at once."""

    def __init__(self, port: int, cookies: dict[str, str], pacer: Pacer) -> None:
        self._port, self._cookies, self._pacer = port, dict(cookies), pacer
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._times: list[float] = []
        self._errors: list[str] = []

    def take_results(self) -> tuple[list[float], list[str]]:
        """Return the times and errors since the last call."""
        taken, self._times, self._errors = (self._times, self._errors), [], []
        return taken

    def get(self, path: str) -> LoadedPage:
        """Ask for a page."""
        return self._ask("GET", path, "")

    def send(self, page: LoadedPage, action: str, *, choose: Callable[[list[str]], str] | None = None) -> None:
        """Send the first form of a page whose address has `action` in it, as it is; `choose` picks radio buttons."""
        if page.status != http.HTTPStatus.OK:
            return
        found = html.fromstring(page.body, base_url=page.path)
        for form in found.forms:
            address = urljoin(page.path, form.action or "")
            if form.method == "POST" and action in address:
                break
        else:
            self._errors.append(f"{page.path} has no form for {action}")
            return
        values = dict(form.form_values())
        if choose:
            for name in {one.name for one in form.inputs if getattr(one, "type", "") == "radio"}:
                values[name] = choose([str(one) for one in form.inputs[name].value_options])
        answer = self._ask("POST", address, urlencode(values))
        if answer.status != http.HTTPStatus.FOUND:
            self._errors.append(f"{address} answers {answer.status} to a form")

    def _ask(self, method: str, path: str, body: str) -> LoadedPage:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body:
            origin = f"http://127.0.0.1:{self._port}"
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin}
        due = self._pacer.wait()
        try:
            self._connection.request(method, path, body or None, headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            self._errors.append(f"{path}: {type(error).__name__}")
            return LoadedPage(path, 0, b"")
        self._times.append(time.monotonic() - due)
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        if answer.status >= http.HTTPStatus.BAD_REQUEST:
            self._errors.append(f"{path.partition('?')[0]} answers {answer.status}")
        return LoadedPage(path, answer.status, content)
