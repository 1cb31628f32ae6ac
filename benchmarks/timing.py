"""Whether the time of an answer says that an address has an account: sign-up, sign-in and reset of the password.

Pairs of a known and an unknown address, one after the other and in changing order, so that what else the machine does
reaches both alike. Each pair has addresses and a client of its own, because attempts are limited by both.
"""

import http.client
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from careerplan.local.stack import Stack
from tests.plugins.template import template
from tests.stack_process import StackProcess

PAIRS, WARM_PAIRS = 200, 5
MOST_DIFFERENCE = 5.0  # milliseconds between the medians
PASSWORD = "quiet lamps under seven bridges"
FORMS = {
    "sign-up": (
        "/account/signup/",
        "email",
        {"name": "Ruth", "time_zone": "UTC", "password1": PASSWORD, "website": ""},
    ),
    "sign-in": ("/account/login/", "login", {"password": "not the right words at all"}),
    "reset": ("/account/password/reset/", "email", {}),
}
FORM = "application/x-www-form-urlencoded"
EXPECTED = {"sign-up": 302, "sign-in": 200, "reset": 302}


@contextmanager
def stack_behind_a_proxy() -> Iterator[Stack]:
    """The product, which takes the client's address from a header, so that each pair can have its own."""
    with Stack(durable=True, template=template(), env={"TRUSTED_PROXY_COUNT": "1"}) as stack:
        stack.prepare()
        stack.start("web")
        yield stack


class Client:
    """A browser that has opened a form and then only sends it."""

    def __init__(self, stack: Stack, path: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=30)
        self.path = path
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        page = response.read().decode()
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        cookies = response.headers.get_all("Set-Cookie") or []
        self.cookie = next(cookie.split(";")[0] for cookie in cookies if "csrf" in cookie)

    def send(self, client: str, data: dict[str, str]) -> tuple[float, int]:
        """Send the form as another client; gives milliseconds and the status."""
        headers = {
            "Cookie": self.cookie,
            "X-Forwarded-For": client,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(data | {"csrfmiddlewaretoken": self.token})
        start = time.perf_counter()
        self.connection.request("POST", self.path, body, headers)
        response = self.connection.getresponse()
        response.read()
        return (time.perf_counter() - start) * 1000, response.status


def measure_form(stack: Stack, kind: str, known: list[str]) -> dict[str, list[float]]:
    """Milliseconds for known and unknown addresses."""
    path, field, answers = FORMS[kind]
    client = Client(stack, path)
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for number, email in enumerate(known):
        # As long and of as many words as the other: the password is compared with them.
        addresses = {"known": email, "unknown": email.replace("known", "other")}
        for which in sorted(addresses, reverse=bool(number % 2)):
            ip = f"10.{len(kind)}.{number}.{1 + (which == 'known')}"
            took, status = client.send(ip, answers | {field: addresses[which]})
            if status != EXPECTED[kind]:
                raise RuntimeError(f"{kind}, {which}: {status}")
            if number >= WARM_PAIRS:
                times[which].append(took)
    return times


def measure() -> list[str]:
    """Print a row for each form; return the differences that are too large."""
    missed = []
    print(f"\nKnown and unknown addresses, {PAIRS} pairs each, milliseconds\n")
    print(f"{'':10}{'known: quickest':>18}{'median':>9}{'unknown: quickest':>20}{'median':>9}{'difference':>12}")
    with stack_behind_a_proxy() as stack, StackProcess(stack) as inside:
        for kind in FORMS:
            count = PAIRS + WARM_PAIRS
            people = {"name": f"known-{kind}", "count": count, "password": PASSWORD}
            known = inside.call("benchmarks.inside.people.make_people", **people)
            times = measure_form(stack, kind, known)
            medians = {which: statistics.median(found) for which, found in times.items()}
            difference = medians["unknown"] - medians["known"]
            print(
                f"{kind:10}{min(times['known']):>18.1f}{medians['known']:>9.1f}"
                f"{min(times['unknown']):>20.1f}{medians['unknown']:>9.1f}{difference:>12.1f}"
            )
            if abs(difference) > MOST_DIFFERENCE:
                missed.append(f"{kind}: known and unknown addresses differ by {difference:.1f} ms")
    return missed
