"""Closer looks at a page that is open: keyboard, narrow, from right to left, touched, checked in forced colours."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page

# What a finger must hit: 44 px high, itself or its label, or with an area that is drawn around it. Links inside a
# sentence have the height of their line.
SMALL_TARGETS = """() => {
  const area = (element, part) => {
    const style = getComputedStyle(element, part);
    if (style.content === "none" || style.position !== "absolute") return 0;
    return Math.max(parseFloat(style.height) || 0, element.offsetParent ? element.offsetParent.offsetHeight : 0);
  };
  const height = element => Math.max(
    element.getBoundingClientRect().height, area(element, "::before"), area(element, "::after"));
  return [...document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")]
    .filter(element => element.checkVisibility({visibilityProperty: true}) && element.getBoundingClientRect().height)
    .filter(element => !element.closest("[aria-hidden=true], .visually-hidden, .cp-skip"))
    .filter(element => !(element.tagName === "A" && getComputedStyle(element).display === "inline"))
    .filter(element => Math.max(...[element, ...(element.labels || [])].map(height)) < 43.5)
    .map(element => `${element.tagName} ${element.className} ${element.name || element.textContent.trim()}`);
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TURN = "way => document.documentElement.dir = way"


def narrow_and_turned(page: Page, where: str) -> list[str]:
    """What scrolls sideways at 320 px and from right to left, and what a finger would miss."""
    size, wrong = page.viewport_size, []
    for width, way in ((320, "ltr"), (320, "rtl"), (1280, "rtl")):
        page.set_viewport_size({"width": width, "height": 740})
        page.evaluate(TURN, way)
        if (wide := page.evaluate(SIDEWAYS)) > 0:
            wrong.append(f"{where}, {width} {way}: scrolls sideways by {wide} px")
    page.evaluate(TURN, "ltr")
    page.set_viewport_size({"width": 360, "height": 740})
    fingers = page.context.new_cdp_session(page)
    fingers.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    wrong += [f"{where}: too small for a finger: {one}" for one in page.evaluate(SMALL_TARGETS)]
    fingers.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    fingers.detach()
    page.set_viewport_size(size)
    return wrong


def picture(page: Page, place: Locator) -> bytes:
    """The pixels without the ring of the focus and without the pointer."""
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    return place.screenshot(animations="disabled")


# The first field of each kind that can be seen and is not checked: by its type and the classes around it.
UNCHECKED = """known => {
  const kind = field => [field.type, field.className, field.parentElement.className,
    field.parentElement.parentElement.className].join(" ");
  const found = {};
  for (const field of document.querySelectorAll("main input:is([type=radio], [type=checkbox])")) {
    if (!field.checked && !field.disabled && field.checkVisibility() && !known.includes(kind(field))
      && !(kind(field) in found)) {
      found[kind(field)] = field.id;
    }
  }
  return found;
}"""


def alike_when_checked(page: Page, where: str, known: set[str]) -> list[str]:
    """Which kinds of fields look alike checked and unchecked in forced colours; each kind is tried once."""
    page.emulate_media(forced_colors="active")
    wrong = []
    for kind, name in page.evaluate(UNCHECKED, list(known)).items():
        known.add(kind)
        field = page.locator(f"[id='{name}']")
        drawn = field.locator("xpath=..")
        before = picture(page, drawn)
        field.press("Space")
        if not field.is_checked() or picture(page, drawn) == before:
            wrong.append(f"{where}: checked looks like unchecked: {kind}")
    page.emulate_media(forced_colors="null")
    return wrong


# Each thing that Tab must come to; of the radios of a group one.
STOPS = """() => {
  const groups = new Set();
  return [...document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")]
    .filter(element => element.tabIndex >= 0 && !element.disabled)
    .filter(element => element.checkVisibility({visibilityProperty: true}))
    .filter(element => element.type !== "radio" || !groups.has(element.name) && groups.add(element.name))
    .map((element, place) => { element.dataset.stop = place; return place; });
}"""
# Where the focus is: whether it can be told from its looks that it is there, and whether it is on the screen.
HERE = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const drawn = [here, here.parentElement, ...(here.labels || [])];
  const looks = () => JSON.stringify(drawn.map(one => {
    const {outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor} = getComputedStyle(one);
    return [outlineStyle !== "none" && [outlineWidth, outlineColor], boxShadow, borderColor, backgroundColor];
  }));
  const focused = looks(), again = "tabbed" in here.dataset;
  here.dataset.tabbed = "";
  if (!again) here.blur();  // once: a date would begin with its first part again
  const seen = again || focused !== looks();
  if (!again) here.focus({preventScroll: true});
  const boxes = drawn.filter(one => one !== here.parentElement).map(one => one.getBoundingClientRect());
  const onScreen = boxes.some(box => box.width && box.bottom > 0 && box.top < innerHeight
    && box.right > 0 && box.left < innerWidth);
  const of = here.type === "radio" ? document.querySelector(`[data-stop][name="${here.name}"]`) || here : here;
  return {stop: of.dataset.stop ?? "", seen, onScreen,
    name: `${here.tagName} ${here.className} ${here.name || here.textContent.trim().slice(0, 40)}`};
}"""


# Tab goes on from where the focus was last.
FROM_THE_START = """() => {
  const start = document.createElement("span");
  start.tabIndex = -1;
  document.body.prepend(start);
  start.focus();
  start.remove();
  scrollTo(0, 0);
}"""


def lost_to_the_keyboard(page: Page, where: str) -> list[str]:
    """Press Tab from the start to the end: what it never comes to, and where the focus cannot be seen."""
    wanted, reached, wrong = set(map(str, page.evaluate(STOPS))), set[str](), []
    before = ""
    page.evaluate(FROM_THE_START)
    for _stop in range(3 * len(wanted) + 30):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or here["stop"] in reached - {before}:
            break
        before = here["stop"]  # a date has several stops: day, month, year
        reached.add(here["stop"])
        if not (here["seen"] and here["onScreen"]):
            wrong.append(f"{where}: the focus is not seen ({here['seen']}, {here['onScreen']}) on {here['name']}")
    for stop in sorted(wanted - reached):
        missed = page.locator(f"[data-stop='{stop}']").evaluate("element => element.outerHTML.slice(0, 160)")
        wrong.append(f"{where}: Tab never comes to {missed}")
    return wrong


# The control that a click on an element means, so that Tab can come to it.
CONTROL = """element => {
  for (const one of document.querySelectorAll("[data-wanted]")) delete one.dataset.wanted;
  const control = element.control || element.closest("label")?.control
    || element.closest("a, button, summary, input, select, textarea") || element;
  control.dataset.wanted = "";
  return control.type === "radio" ? "radio" : control.type === "checkbox" ? "Space" : "Enter";
}"""
IS_HERE = "document.activeElement.dataset.wanted === ''"
IS_GROUP = """document.activeElement.type === "radio"
  && document.activeElement.name === document.querySelector("[data-wanted]").name"""


def reach(wanted: Locator) -> str:
    """Press Tab until something has the focus, and of radios an arrow as well; return the key that presses it."""
    page, key = wanted.page, wanted.evaluate(CONTROL)
    for _stop in range(250):
        if page.evaluate(IS_HERE):
            return "Space" if key == "radio" else key
        page.keyboard.press("ArrowDown" if key == "radio" and page.evaluate(IS_GROUP) else "Tab")
    raise AssertionError(f"Tab never comes to {wanted}")


def use_tab_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let locators use the keyboard as people do: Tab to the thing, then Enter or Space or what is typed."""
    fill, choose = Locator.fill, Locator.select_option

    def press(self: Locator, key: str, **_options: Any) -> None:
        reach(self)
        self.page.keyboard.press(key)

    def click(self: Locator, **_options: Any) -> None:
        self.page.keyboard.press(reach(self))

    def fill_in(self: Locator, value: str, **_options: Any) -> None:
        reach(self)
        fill(self, value)

    def choose_one(self: Locator, *values: Any, **options: Any) -> list[str]:
        reach(self)
        return choose(self, *values, **options)

    for name, way in {"press": press, "click": click, "fill": fill_in, "select_option": choose_one}.items():
        monkeypatch.setattr(Locator, name, way)


# Words of a lane of a timeline that paint over its bar: where they are touched they are higher than they look.
COVERED_BARS = """() => [...document.querySelectorAll(".cp-timeline .cp-lane-head > *")].filter((words) => {
  const bar = words.closest("li").querySelector(".c-track");
  const { backgroundClip, paddingBottom } = getComputedStyle(words);
  const below = backgroundClip === "content-box" ? parseFloat(paddingBottom) : 0;
  return bar && words.getBoundingClientRect().bottom - below > bar.getBoundingClientRect().top + 1;
}).map((words) => words.textContent.trim())"""
