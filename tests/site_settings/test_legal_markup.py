"""Legal texts become plain HTML, and no text brings markup of its own."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.site_settings.legal_markup import as_html
from tests.work import grows_in_line

OURS = re.compile(r'</?(?:h2|p|ul|li|strong|a)>|<br>|<a href="(?:https?://|mailto:|/)[^"<>]*">')


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One\nline\n\nTwo", "<p>One<br>line</p>\n<p>Two</p>"),
        ("## Head\nText", "<h2>Head</h2>\n<p>Text</p>"),
        ("* a\n* **b**", "<ul><li>a</li><li><strong>b</strong></li></ul>"),
        ("[x](javascript:alert)", "<p>[x](javascript:alert)</p>"),
        ('[x](https://a.example/"onclick="y)', '<p><a href="https://a.example/&quot;onclick=&quot;y">x</a></p>'),
        ("", ""),
    ],
)
def test_markup(text, html):
    assert as_html(text) == html


@given(st.text("ab <>&\"'[]()*#-\n/:htps", max_size=60))
def test_nothing_but_our_tags(text):
    assert "<" not in OURS.sub("", as_html(text))


@pytest.mark.parametrize("words", ["[", "**", "- a\n", "[a](https://", "\n \n", "# ", "&"])
def test_the_work_grows_in_line_with_the_text(words):
    half, whole = grows_in_line(lambda size: as_html(words * (size // len(words))), 10_000)
    assert whole <= 2.3 * half + 1000
