"""Render the document as PDF with typst: tagged, with bookmarks, PDF/UA-1 if every character has a glyph.

Facts reach the template (plan.typ) as data and are set as text: no user text is read as markup. Equal facts give equal
bytes.
"""

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import structlog
from django.conf import settings
from django.utils.translation import get_language

from careerplan.plan_document import typst_worker
from careerplan.plan_document.document import Document, GoalFacts
from careerplan.plan_document.texts import LABELS, format_day

log = structlog.get_logger(__name__)

SECONDS_ALLOWED = 40  # 300 goals with 3,000 steps and all details take two on an idle machine
LONGEST_WORD = 28  # characters; longer words may be broken, so that nothing leaves the page
# A goal with at most about this many lines fits on a page and is kept together; longer goals may be split.
LINES_KEPT_TOGETHER, SIGNS_IN_A_LINE = 34, 80
CONTENTS_FROM = 12  # goals from which a document gets a table of contents
ZERO_WIDTH_JOINER = "\u200d"
JOINING = {"Mn", "Mc", "Me", "Cf", "Sk"}  # attach to the character before them


class RenderFailed(Exception):
    """Rendering took too long or too much memory, or typst failed."""


def render_pdf(document: Document) -> bytes:
    """Return the PDF file. Raises RenderFailed."""
    return typeset(_data(document))


def typeset(data: Mapping[str, Any]) -> bytes:
    """Return a PDF file of data, rendered in a process of its own (typst_worker.py) with limited time and memory.

    `data` has "date" as [year, month, day], and "template", the path of a template of ours, unless it is a plan. Raises
    RenderFailed.
    """
    modules = os.pathsep.join(filter(None, sys.path))  # the same import path, and nothing else
    try:
        made = subprocess.run(
            [sys.executable, "-m", typst_worker.__name__],
            input=json.dumps(data).encode(),
            capture_output=True,
            cwd=settings.BASE_DIR,
            env={"PYTHONPATH": modules},
            timeout=SECONDS_ALLOWED,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise RenderFailed from error
    except subprocess.CalledProcessError as error:
        log.error("pdf_failed", code=error.returncode, stderr=error.stderr[-500:].decode(errors="replace"))
        raise RenderFailed from error
    return made.stdout


def _data(document: Document) -> dict[str, Any]:
    """Return the data of the template: plain texts, numbers and lists."""
    goals = [*document.goals, *document.closed]
    data: dict[str, Any] = _plain(document)
    for goal, facts in zip([*data["goals"], *data["closed"]], goals, strict=True):
        goal["together"] = _lines(facts) <= LINES_KEPT_TOGETHER
    return data | {
        **language_of_texts(),
        "date": document.as_of.timetuple()[:3],
        "two_columns": document.is_brief,
        "contents": len(goals) >= CONTENTS_FROM,
        "labels": {name: str(label) for name, label in LABELS.items()},
    }


def language_of_texts() -> dict[str, str | None]:
    """Return language and region as templates name them."""
    language, _dash, region = (get_language() or "en").partition("-")
    return {"language": language, "region": region.upper() or None}


def _plain(value: Any) -> Any:
    """Return facts as JSON values; long words may be broken."""
    if isinstance(value, str):
        return breakable(value)
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
ZERO_WIDTH_SPACE = "\u200b"


def breakable(text: str) -> str:
    """Return the text with invisible breaks in words that are too long for a line."""
    return LONG_WORD.sub(lambda found: _with_breaks(found.group()), text)


def _with_breaks(word: str) -> str:
    parts: list[str] = []
    length = 0
    for sign in word:
        if length >= LONGEST_WORD and unicodedata.category(sign) not in JOINING and parts[-1] != ZERO_WIDTH_JOINER:
            parts.append(ZERO_WIDTH_SPACE)
            length = 0
        parts.append(sign)
        length += 1
    return "".join(parts)


def _lines(goal: GoalFacts) -> int:
    """Return about how many lines a goal takes."""
    texts = [goal.title, *goal.said]
    texts += [line for fact in goal.own for line in (fact.label, *fact.lines)]
    texts += [text for step in goal.steps for text in (step.title, step.details, "\n".join(step.needs))]
    texts += [text for step in goal.done for text in (step.title, step.learned)]
    texts += [text for change in goal.changes for text in (change.text, change.note)]
    return sum(len(line) // SIGNS_IN_A_LINE + 1 for text in texts if text for line in text.split("\n"))
