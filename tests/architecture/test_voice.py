"""What the product says: every message by voice-lint.txt, whole sentences, and attributes without markup."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.voice import (
    ROOT,
    Message,
    collect_messages,
    find_hits,
    find_number_words,
    find_pieces,
    read_rules,
    template_messages,
)

pytestmark = pytest.mark.xdist_group("messages")  # they are collected once
PAGES = [path for path in sorted((ROOT / "templates").rglob("*.html")) if "emails" not in path.parts]
SPOKEN_ATTRIBUTE = re.compile(
    r"""\s(?:aria-label|aria-description|title|alt|placeholder|data-[\w-]+)="((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)\"""",
    re.DOTALL,
)
MARKUP = re.compile(r"\{\{\s*(?:form|field|row|box)\b[\w.]*\.(?:label_tag|help_text|errors)\b")


@cache
def messages() -> list[Message]:
    return collect_messages()


def test_no_message_breaks_a_rule():
    hits = find_hits(messages())
    assert not hits, "\n".join(hits)


@pytest.mark.parametrize("kind", [".py", ".html", ".toml", ".txt"])
def test_messages_are_found(kind):
    """Guard against a collector that finds nothing."""
    assert len([message for message in messages() if message.path.endswith(kind)]) > 50


def test_every_rule_says_what_to_write_instead():
    assert [pattern.pattern for pattern, advice in read_rules() if not advice.strip()] == []


def test_numbers_are_digits():
    hits = find_number_words(messages())
    assert not hits, "\n".join(hits)


def test_a_sentence_is_one_message():
    """A translator cannot reorder the two halves of a sentence."""
    pieces = find_pieces(messages())
    assert not pieces, "\n".join(pieces)


def test_attributes_hold_plain_text():
    found = [(path, value) for path in PAGES for value in SPOKEN_ATTRIBUTE.findall(path.read_text())]
    assert len(found) > 100
    assert [(str(path), value) for path, value in found if "<" in value or MARKUP.search(value)] == []


def test_the_collector_reads_both_forms_and_each_count(tmp_path: Path, monkeypatch):
    page = tmp_path / "page.html"
    page.write_text(
        '{% translate "Late" %} {{ day|default:_("No date") }}\n'
        '{% blocktranslate count n=late %}<a href="/">{{ n }} step</a>{% plural %}{{ n }} steps{% endblocktranslate %}'
    )
    monkeypatch.setattr("tests.architecture.voice.ROOT", tmp_path)
    found = [(message.line, message.text) for message in template_messages(page)]
    assert found == [(1, "Late"), (1, "No date"), (2, "{n} step"), (2, "{n} steps")]
