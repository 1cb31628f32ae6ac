"""Axe looks at the page that is open."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCRIPT = Axe().axe_script
# WCAG 2.0 to 2.2 A and AA, and best practice, are what every page keeps. What passes is not listed: that takes longer.
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def violations(page: Page, *, has_forced_colours: bool = False) -> list[dict[str, Any]]:
    """Return what axe finds, as axe-core's results; in forced colours the colours are the user's own, not judged."""
    if not page.evaluate("typeof axe === 'object'"):  # once a document: half the time of a look is to read the script
        page.evaluate(SCRIPT)
    rules = {"color-contrast": {"enabled": not has_forced_colours}}
    run = "options => axe.run(document, options).then(results => results.violations)"
    found: list[dict[str, Any]] = page.evaluate(run, OPTIONS | {"rules": rules})
    return found
