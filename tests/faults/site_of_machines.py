"""What people see of several machines: one site. Sessions, limits and documents hold on each of them."""

import http.client
import itertools
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from subprocess import run
from urllib.parse import urlencode

from careerplan.local.processes import ROOT, wait_until
from tests.faults.network import Machine
from tests.faults.world import World

SESSION, CSRF = "sessionid", "csrftoken"  # the cookies of a site without https
SIGN_INS = 30
"""Attempts at the sign-in page that one address may make in a minute: allauth's default."""
DOCUMENT_SECONDS = 180
"""A task whose message is lost is started by the schedule a minute later."""


@dataclass(frozen=True)
class Page:
    """An answer of the site."""

    status: int
    location: str
    cookies: dict[str, str]
    body: bytes


def check_site(world: World, machines: list[Machine]) -> Iterator[str]:
    """Yield a sentence for each thing that does not hold."""
    for machine in machines:
        if not wait_until(lambda machine=machine: ask(world, machine, "/health/web/").status == HTTPStatus.OK, 60):
            yield f"machine {machine.number} does not answer"
            return
    person = make_person(world)
    yield from check_sessions(world, machines, person)
    yield from check_documents(world, machines, person)
    yield from check_limits(world, machines)


def check_sessions(world: World, machines: list[Machine], person: dict[str, str]) -> Iterator[str]:
    """Who signed in at one machine is signed in at all; who signs out at one is signed out at all."""
    first = machines[0]
    form = ask(world, first, "/account/login/")
    token = form.cookies[CSRF]
    values = {"login": person["email"], "password": person["password"], "csrfmiddlewaretoken": token}
    signed_in = ask(world, first, "/account/login/", form.cookies, values)
    if SESSION not in signed_in.cookies:
        yield f"signing in is answered with {signed_in.status}"
        return
    cookies = person["cookies"] = form.cookies | signed_in.cookies
    for machine in machines:
        if ask(world, machine, "/today/", cookies).status != HTTPStatus.OK:
            yield f"not signed in at machine {machine.number}"
    other = ask(world, machines[1], "/account/login/")
    values |= {"csrfmiddlewaretoken": other.cookies[CSRF]}
    elsewhere = ask(world, machines[1], "/account/login/", other.cookies, values)
    theirs = other.cookies | elsewhere.cookies
    ask(world, machines[2], "/account/logout/", theirs, {"csrfmiddlewaretoken": theirs[CSRF]})
    for machine in machines:
        if ask(world, machine, "/today/", theirs).status == HTTPStatus.OK:
            yield f"still signed in at machine {machine.number}"


def check_documents(world: World, machines: list[Machine], person: dict[str, str]) -> Iterator[str]:
    """A document that one machine is asked for is made by any, and each of them gives it out."""
    cookies, plan = person["cookies"], person["plan"]
    words = {"ending": "docx", "csrfmiddlewaretoken": cookies[CSRF]}
    asked = ask(world, machines[0], f"/document/{plan}/file/", cookies, words)
    if asked.status != HTTPStatus.FOUND:
        yield f"asking for a document is answered with {asked.status}"
        return
    ready = "SELECT id FROM plan_document_planfile WHERE state = 'ready'"
    if not wait_until(lambda: bool(world.sql(ready)), DOCUMENT_SECONDS):
        yield f"the document is not made: {world.sql('SELECT state FROM plan_document_planfile')}"
        return
    [(number,)] = world.sql(ready)
    files = [ask(world, machine, f"/document/file/{number}/", cookies).body for machine in machines]
    if not files[0].startswith(b"PK") or len(set(files)) != 1:
        yield "the document is not the same at each machine"


def check_limits(world: World, machines: list[Machine]) -> Iterator[str]:
    """Attempts count together, wherever they are made."""
    tokens = {machine.number: ask(world, machine, "/account/login/").cookies for machine in machines}
    allowed = 0
    for machine in itertools.islice(itertools.cycle(machines), 2 * SIGN_INS):
        cookies = tokens[machine.number]
        values = {"login": "", "password": "", "csrfmiddlewaretoken": cookies[CSRF]}
        if ask(world, machine, "/account/login/", cookies, values).status == HTTPStatus.TOO_MANY_REQUESTS:
            break
        allowed += 1
    if not SIGN_INS - 2 <= allowed <= SIGN_INS:  # people signed in twice just before
        yield f"{allowed} attempts were allowed, and the limit is {SIGN_INS}"


def make_person(world: World) -> dict[str, str]:
    """Somebody with a plan; made by the application in a process of its own."""
    done = run(
        [sys.executable, "-m", "tests.faults.person"], env=world.stack.env, cwd=ROOT, capture_output=True, check=True
    )
    return json.loads(done.stdout)


def ask(
    world: World,
    machine: Machine,
    path: str,
    cookies: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
) -> Page:
    """Ask the web process of a machine; with values, send a form."""
    connection = http.client.HTTPConnection(machine.address, world.stack.port, timeout=30)
    headers = {"Host": f"localhost:{world.stack.port}"}
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    if values is not None:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{headers['Host']}"}
    try:
        connection.request("GET" if values is None else "POST", path, urlencode(values or {}), headers)
        answer = connection.getresponse()
        given = (value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie", []))
        new = dict(pair.split("=", 1) for pair in given)
        return Page(answer.status, answer.headers.get("Location", ""), new, answer.read())
    except (OSError, http.client.HTTPException) as error:
        return Page(0, type(error).__name__, {}, b"")
    finally:
        connection.close()
