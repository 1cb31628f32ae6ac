"""What the tests see with axe, once a text of the same looks was judged before."""

import pytest
from playwright.sync_api import Browser

from tests import axe

PAGE = """<!doctype html><html lang="en"><title>Page</title><style>body {{ background: #fff; color: #222 }}
p {{ margin: 9px }} .lifted {{ position: absolute; top: 400px }} .pale {{ color: #ddd }}</style>
<main><h1>Page</h1>{}</main></html>"""
GOOD = "<div><p>Words</p></div><p style='color: #888; font-size: 24px'>Words</p><p class='lifted'>Words</p>"
BAD = {
    "its class": "<div><p class='pale'>Words</p></div>",
    "its style": "<div><p style='color: #ddd'>Words</p></div>",
    "its size": "<p style='color: #888; font-size: 16px'>Words</p>",
    "the ground around it": "<div style='background: #000'><p>Words</p></div>",
    "what it fades with": "<div style='opacity: 0.2'><p>Words</p></div>",
    "what it lies on": "<div style='background: #000; height: 900px'></div><p class='lifted'>Words</p>",
    "what it is pulled over": (
        "<div style='background: #000; height: 90px'></div><div style='margin-top: -60px'><p>Words</p></div>"
    ),
}
# As "its class", where nobody sees it.
HIDDEN = "<div style='height: 0; overflow: hidden'><p class='pale'>Words</p></div>"


@pytest.mark.browser
def test_a_text_is_judged_again_where_anything_of_its_looks_differs(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: dict[str, None] = {}
    monkeypatch.setattr(axe, "_enough", known)
    page = browser.new_page()
    page.set_content(PAGE.format(GOOD))
    assert axe.violations(page) == []
    judged = set(known)
    assert judged
    page.set_content(PAGE.format(GOOD * 2))
    assert axe.violations(page) == []
    assert set(known) == judged, "what looks alike is known"
    page.set_content(PAGE.format(GOOD + HIDDEN))
    assert axe.violations(page) == []
    for what, words in BAD.items():
        page.set_content(PAGE.format(GOOD + words))
        assert [one["id"] for one in axe.violations(page)] == ["color-contrast"], what
    page.close()
