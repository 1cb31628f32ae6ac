"""Axe looks at the page that is open."""

from typing import Any
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import CDPSession, Page

from tests.profiles import PROFILE

SCRIPT = Axe().axe_script
# WCAG 2.0 to 2.2 A and AA, and best practice, are what every page keeps. What passes is not listed: that takes longer.
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}

# Two thirds of a look go into the contrast of colours, and most texts stand in many pages and rows alike. So a text is
# judged once: not again where its element and all around it have the same names, classes, colours and sizes as one
# whose contrast was enough. Judged each time is what may stand on something that is not around it: what is positioned,
# moved or pulled into the page without an opaque ground of its own, and drawings.
JUDGE_ONCE = """() => {
  const LOOKS = ["color", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight", "textShadow",
    "filter", "mixBlendMode", "transform", "position", "webkitTextFillColor", "backgroundClip", "clipPath"];
  const MOVED = ["transform", "translate", "rotate", "scale"];
  const MARGINS = ["marginTop", "marginRight", "marginBottom", "marginLeft"];
  const PLAIN = new Set(["none", "normal", "static", "1", "rgba(0, 0, 0, 0)"]);
  const FIELDS = new Set(["INPUT", "SELECT", "TEXTAREA"]);
  const OPAQUE = /^rgb\\(|^color\\(srgb [^/]*\\)$/;
  const hash = words => {
    let a = 0xdeadbeef, b = 0x41c6ce57;
    for (let at = 0; at < words.length; at++) {
      a = Math.imul(a ^ words.charCodeAt(at), 2654435761);
      b = Math.imul(b ^ words.charCodeAt(at), 1597334677);
    }
    return (a >>> 0).toString(36) + (b >>> 0).toString(36);
  };
  let keys;
  const keyOf = element => {
    if (!element) return {own: "", repeats: true};
    if (keys.has(element)) return keys.get(element);
    const around = keyOf(element.parentElement), style = getComputedStyle(element);
    let looks = "";
    for (const name of LOOKS) looks += PLAIN.has(style[name]) ? "|" : `|${style[name]}`;
    const opaque = OPAQUE.test(style.backgroundColor) && style.opacity === "1";
    const inFlow = style.position === "static" || style.position === "relative" && /^(auto|0px)$/.test(style.inset);
    const placed = style.gridRowStart !== "auto" && style.gridColumnStart !== "auto";
    const still = MOVED.every(name => style[name] === "none") && MARGINS.every(name => !style[name].startsWith("-"));
    const repeats = !element.ownerSVGElement && (opaque || around.repeats && inFlow && still && !placed);
    const key = {own: hash(`${around.own}>${element.tagName}.${element.className}|${looks}`), repeats};
    keys.set(element, key);
    return key;
  };
  const rule = axe._audit.rules.find(one => one.id === "color-contrast");
  const check = axe._audit.checks["color-contrast"];
  const {matches} = rule, {evaluate} = check;
  let enough;
  // What has no text of its own has no contrast, but for fields: axe finds that out last.
  const hasText = node => {
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.nodeType === Node.TEXT_NODE && child.data.trim()) return true;
    }
    return false;
  };
  const isKnown = node => {
    const key = keyOf(node);
    return key.repeats && enough.has(key.own);
  };
  rule.matches = function (node, ...more) {
    if (hasText(node) ? isKnown(node) : !FIELDS.has(node.tagName)) return false;
    return matches.call(this, node, ...more);
  };
  check.evaluate = function (node, ...more) {
    const keep = this.data, key = keyOf(node);
    let measured = null;
    this.data = data => keep.call(this, measured = data);
    const found = evaluate.call(this, node, ...more);
    // What cannot be seen here passes without a ratio, and may be seen elsewhere.
    if (found === true && measured?.contrastRatio && !measured.messageKey && key.repeats) enough.add(key.own);
    return found;
  };
  globalThis.lookWithAxe = async (options, known) => {
    keys = new Map();
    const before = known.split(" ");
    enough = new Set(before);
    const {violations} = await axe.run(document, options);
    return [violations, [...enough].slice(before.length)];
  };
}"""
# By their keys: the looks of texts whose contrast was enough in this process.
_enough: dict[str, None] = {}
_sessions: WeakKeyDictionary[Page, CDPSession] = WeakKeyDictionary()


def _bring_axe(page: Page) -> None:
    """Read the script into the document that is open, by Chromium's own protocol.

    That takes 56 ms of CPU in all processes; `page.evaluate`, which wraps it, takes 87.
    """
    if page not in _sessions:
        _sessions[page] = page.context.new_cdp_session(page)
    answer = _sessions[page].send("Runtime.evaluate", {"expression": f"{SCRIPT};({JUDGE_ONCE})()"})
    assert "exceptionDetails" not in answer, answer


def violations(page: Page, *, has_forced_colours: bool = False) -> list[dict[str, Any]]:
    """Return what axe finds, as axe-core's results; in forced colours the colours are the user's own, not judged.

    A thorough run judges the contrast of every text, also of those that look like one that was judged before.
    """
    if not page.evaluate("typeof lookWithAxe === 'function'"):  # once a document
        _bring_axe(page)
    options = OPTIONS | {"rules": {"color-contrast": {"enabled": not has_forced_colours}}}
    known = "" if PROFILE.is_thorough else " ".join(_enough)  # a list of 1,000 words takes 7 ms more
    found: list[dict[str, Any]]
    found, enough = page.evaluate("([options, known]) => lookWithAxe(options, known)", [options, known])
    _enough.update(dict.fromkeys(enough))
    return found
