"""Looks at a page in both widths and both themes: axe finds nothing, nothing scrolls sideways, no labels collide.

A page is visited once, then resized and recoloured; a quick run looks at it as it is (tests/profiles.py). What somebody
does is done twice: wide, and narrow without script.
"""

from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.axe import violations
from tests.browser.conftest import Complaints
from tests.profiles import PROFILE

EVERY_LOOK = [(1280, 800, "light"), (1280, 800, "dark"), (360, 740, "light"), (360, 740, "dark")]
# Both widths and both themes, but not each with each: that takes twice as long. A quick run takes the first of them, or
# the last where the window is narrow already.
LOOKS = EVERY_LOOK if PROFILE.is_thorough else [EVERY_LOOK[0], EVERY_LOOK[3]]
EVERY_WAY = [
    pytest.param(1280, True, id="wide"),
    pytest.param(1280, False, id="wide-no-script"),
    pytest.param(360, True, id="narrow"),
    pytest.param(360, False, id="narrow-no-script"),
]
WAYS = EVERY_WAY if PROFILE.is_thorough else [EVERY_WAY[0], EVERY_WAY[3]]
"""The width of the window, and whether scripts run."""


# Pairs of visible labels of charts whose boxes overlap; a pixel or three of white around letters may.
COLLIDING_LABELS = """() => {
  const labels = [...document.querySelectorAll("svg.cp-chart text")]
    .map(text => [text.textContent.trim(), text.getBoundingClientRect()])
    .filter(([words, box]) => words && box.width && box.height);
  return labels.flatMap(([words, box], place) => labels.slice(place + 1)
    .filter(([, other]) => Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1
      && Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 3)
    .map(([others]) => `${words} and ${others}`));
}"""


def look_at(page: Page, where: str, *, has_forced_colours: bool = False) -> list[str]:
    """What is wrong with the page that is open; it has its size and colours back afterwards."""
    size = page.viewport_size
    wrong = look_and_leave(page, where, has_forced_colours=has_forced_colours)
    page.emulate_media(color_scheme="null")
    page.set_viewport_size(size)
    return wrong


def look_and_leave(page: Page, where: str, *, has_forced_colours: bool = False) -> list[str]:
    """The same, but the window stays as it was looked at last, and the looks begin with the width that it has.

    Each change of size or colours is drawn, which is a tenth of what a visit costs.
    """
    page.wait_for_load_state()  # a click waits for the answer, not for the whole page
    size = page.viewport_size
    wrong = []
    looks = LOOKS if size and size["width"] == LOOKS[0][0] else LOOKS[::-1]
    for width, height, theme in looks[: PROFILE.looks]:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": height})
        wrong += _look_once(page, f"{where}, {width} {theme}")
        if has_forced_colours:
            page.emulate_media(forced_colors="active")
            wrong += _look_once(page, f"{where}, {width} in forced colours", has_forced_colours=True)
            page.emulate_media(forced_colors="null")
    return wrong


def _look_once(page: Page, where: str, *, has_forced_colours: bool = False) -> list[str]:
    found = [
        f"{where}: {violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in violations(page, has_forced_colours=has_forced_colours)
        for node in violation["nodes"]
    ]
    found += [f"{where}: chart labels collide: {both}" for both in page.evaluate(COLLIDING_LABELS)]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"{where}: scrolls sideways by {wide} px"] if wide > 0 else [])


FIRST = {
    "first step": ("first goal", ".cp-step a"),
    "first goal": ("/goals/", ".cp-goals h3 a"),
    "first reached": ("/goals/", 'a[href*="how-it-went"]'),
    "first fit": ("/skills/results/occupations/", ".cp-occ-name a"),
    "first opportunity": ("/opportunities/", ".cp-opp-title a"),
    "first gap": ("/skills/results/gaps/", ".cp-gaps a.cp-gap-link"),
}


_found: WeakKeyDictionary[BrowserContext, dict[str, str]] = WeakKeyDictionary()


def address(page: Page, name: str) -> str:
    """Where a page is; for the page of a goal, a fit or a gap the page that links it is asked, once a window."""
    first, _, rest = name.partition(", ")
    if first not in FIRST:
        return name
    known = _found.setdefault(page.context, {})
    if first not in known:
        where, selector = FIRST[first]
        page.goto(address(page, where))
        known[first] = page.locator(selector).first.get_attribute("href") or ""
    return known[first] + rest


def check(context: BrowserContext, pages: dict[str, str]) -> list[str]:
    page = context.new_page()
    complaints = Complaints(page)
    wrong: list[str] = []
    for place, (name, where) in enumerate(pages.items()):
        if place == len(pages) // 2:  # where each page is looked at once, half of them are narrow and dark
            page.set_viewport_size({"width": LOOKS[-1][0], "height": LOOKS[-1][1]})
        page.goto(address(page, where))
        wrong += look_and_leave(page, name)
    context.close()
    return wrong + complaints.found
