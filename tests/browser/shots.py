"""Takes every page in every light into var/shots: `make shots`."""

import sys
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
PLAIN = {"media": "screen", "color_scheme": "light", "forced_colors": "none", "reduced_motion": "reduce"}


def open_page(stack: Stack, product: StackProcess, browser: Browser, email: str = "") -> Page:
    """Open a window of somebody who is signed in, or of a stranger."""
    context = browser.new_context(base_url=stack.base_url, viewport={"width": 1280, "height": 800})
    if email:
        # By its path: the module needs settings, which only the processes of the stack have.
        cookie = product.call("tests.browser.people.session_cookie", email=email)
        context.add_cookies([cookie | {"url": stack.base_url}])
    return context.new_page()


def take_every(wanted: list[str]) -> None:
    """Take each page of the demo, of somebody without a plan and of a stranger in every look, into var/shots.

    `wanted` are parts of names: only these pages are taken.
    """
    with demo() as (stack, product, browser):
        newcomer = product.call("tests.browser.people.make_person")
        people = {"ruth": DEMO_EMAIL, "newcomer": newcomer, "stranger": ""}
        for who, email in people.items():
            every = product.call("tests.browser.every_page.every_page", email=email) if email else STRANGERS
            page = open_page(stack, product, browser, email)
            for name, address in every.items():
                if not wanted or any(part in name for part in wanted):
                    page.goto(address)
                    take_looks(page, SHOTS / who, name)
            page.context.close()
    write_index()


def take_looks(page: Page, folder: Path, name: str) -> None:
    """Take the page that is open in every look."""
    folder.mkdir(parents=True, exist_ok=True)
    for look, (width, media) in LOOKS.items():
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(**{**PLAIN, **media})
        page.evaluate("way => document.documentElement.dir = way", "rtl" if look.endswith("rtl") else "ltr")
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
