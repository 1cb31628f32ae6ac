"""Takes every page in every light into var/shots: `make shots`."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from careerplan.local.processes import ROOT
from careerplan.local.stack import Stack
from tests.browser.screenshots import DEMO_EMAIL, demo
from tests.stack_process import StackProcess

SHOTS = ROOT / "var" / "shots"
STRANGERS = {
    "landing": "/",
    "privacy": "/privacy/",
    "explore": "/occupations/",
    "explore-field": "/occupations/health/",
    "explore-occupation": "/occupations/health/registered-nurse-29-1141/",
    "explore-try": "/occupations/health/registered-nurse-29-1141/try/",
    "sign-up": "/account/signup/",
    "sign-in": "/account/login/",
    "not-found": "/nothing/here/",
}
# Width, and what is emulated; `rtl` turns the page around, as a language would.
LOOKS: dict[str, tuple[int, dict[str, Any]]] = {
    "1280": (1280, {}),
    "1280-dark": (1280, {"color_scheme": "dark"}),
    "1280-forced": (1280, {"forced_colors": "active"}),
    "1280-rtl": (1280, {}),
    "360": (360, {}),
    "360-dark": (360, {"color_scheme": "dark"}),
    "360-forced": (360, {"forced_colors": "active"}),
    "360-rtl": (360, {}),
    "print": (794, {"media": "print"}),  # A4 at 96 dpi
}
LONG_KEY = re.compile("[0-9a-f-]{36}")
# A picture with sources for each width and theme is loaded again when either changes.
PICTURES_LOADED = """async () => {
  for (const picture of document.images) picture.loading = "eager";
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.all([...document.images].map(picture => picture.decode().catch(() => {})));
}"""
PLAIN = {"media": "screen", "color_scheme": "light", "forced_colors": "none", "reduced_motion": "reduce"}


def open_page(stack: Stack, browser: Browser, cookies: Iterable[dict[str, Any]] = ()) -> Page:
    """Open a window with the cookies of somebody who is signed in, or of a stranger."""
    context = browser.new_context(base_url=stack.base_url, viewport={"width": 1280, "height": 800})
    context.add_cookies([cookie | {"url": stack.base_url} for cookie in cookies])  # type: ignore[list-item]
    return context.new_page()


def everybody(product: StackProcess) -> Iterator[tuple[str, list[dict[str, Any]], dict[str, str]]]:
    """Yield a name, the cookies and the pages of each kind of person.

    Functions are called by their path: their modules need settings, which only the processes of the stack have.
    """
    newcomer = product.call("tests.browser.people.make_person")
    for who, email in {"ruth": DEMO_EMAIL, "newcomer": newcomer}.items():
        cookie = product.call("tests.browser.people.session_cookie", email=email)
        yield who, [cookie], product.call("tests.browser.every_page.every_page", email=email)
    yield "stranger", [], STRANGERS
    operator = product.call("tests.browser.people.make_operator")
    yield "operator", [operator["cookie"]], operator["pages"]
    company = product.call("tests.browser.company.make_company", email=DEMO_EMAIL)
    cookie = product.call("tests.browser.people.session_cookie", email=DEMO_EMAIL)
    yield "together", [cookie], _by_place(company["owner"])
    yield "mentor", company["cookies"], _by_place(company["mentor"])


def _by_place(addresses: list[str]) -> dict[str, str]:
    """Name addresses by their place and last words: keys of mentorships differ each time."""
    words = (re.findall("[a-z]{4,}", LONG_KEY.sub("", address)) for address in addresses)
    return {
        f"{place:02}-{'-'.join(kept)}": at for place, (kept, at) in enumerate(zip(words, addresses, strict=True), 1)
    }


def take_every(wanted: list[str]) -> None:
    """Take each page of each kind of person in every look, into var/shots.

    `wanted` are parts of folders or names: only these pages are taken.
    """
    with demo() as (stack, product, browser):
        for who, cookies, pages in everybody(product):
            page = open_page(stack, browser, cookies)
            for name, address in pages.items():
                if not wanted or any(part in f"{who}/{name}" for part in wanted):
                    page.goto(address)
                    take_looks(page, SHOTS / who, name)
            if who == "ruth":
                take_done(page, wanted)
            page.context.close()
    write_index()


def take_done(page: Page, wanted: list[str]) -> None:
    """Take what only an act shows: catching up before it is saved, the rows of a list that are left out."""
    for name, act in DONE.items():
        if not wanted or any(part in f"ruth/{name}" for part in wanted):
            page.set_viewport_size({"width": 1280, "height": 800})
            page.emulate_media(**PLAIN)  # no button is there in print
            act(page)
            take_looks(page, SHOTS / "ruth", name)


def catch_up(page: Page) -> None:
    """Choose an answer and see it before it is saved."""
    page.goto("/plan/catch-up/")
    page.locator("input[value=week]").first.check(force=True)
    page.get_by_role("button", name="Check changes").click()


def read_list(page: Page) -> None:
    """Import a list of which one row has no title."""
    page.goto("/import/")
    rows = b"Task,Due\nCall the college,2099-01-31\n,2099-02-01\nAsk Karen,soon\n"
    page.locator("input[type=file]").set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": rows})
    page.get_by_role("button", name="Check the file").click()


def leave_empty(address: str, button: str) -> Callable[[Page], None]:
    """Return an act that sends a form without what it needs: its errors are shown."""

    def act(page: Page) -> None:
        page.goto(address)
        page.get_by_role("button", name=button, exact=True).click()

    return act


def start_assessment(page: Page) -> None:
    """Open the first page of an assessment."""
    page.goto("/skills/assessment/")
    page.get_by_role("button", name="Start the quick assessment").click()


DONE: dict[str, Callable[[Page], None]] = {
    "done-catch-up": catch_up,
    "done-import": read_list,
    "done-assessment": start_assessment,
    "error-goal": leave_empty("/goals/new/", "Save goal"),
    "error-opportunity": leave_empty("/opportunities/new/", "Add"),
    "error-invitation": leave_empty("/people/invite/", "Preview what they see"),
    "error-password": leave_empty("/account/password/change/", "Save password"),
}


def take_looks(page: Page, folder: Path, name: str) -> None:
    """Take the page that is open in every look."""
    folder.mkdir(parents=True, exist_ok=True)
    for look, (width, media) in LOOKS.items():
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(**{**PLAIN, **media})
        page.evaluate("way => document.documentElement.dir = way", "rtl" if look.endswith("rtl") else "ltr")
        page.evaluate(PICTURES_LOADED)
        page.screenshot(path=folder / f"{name}__{look}.png", full_page=True)


def write_index() -> None:
    """Write a page with all pictures, so that each can be looked at."""
    pictures = sorted(path.relative_to(SHOTS).as_posix() for path in SHOTS.glob("*/*.png"))
    figure = '<figure><img src="{0}" width="400" loading="lazy" alt=""><figcaption>{0}</figcaption></figure>'
    rows = "\n".join(map(figure.format, pictures))
    (SHOTS / "index.html").write_text(f"<!doctype html><title>Shots</title>{rows}", "utf-8")
    sys.stdout.write(f"{len(pictures)} pictures: {SHOTS / 'index.html'}\n")


if __name__ == "__main__":
    take_every(sys.argv[1:])
