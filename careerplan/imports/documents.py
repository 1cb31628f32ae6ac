"""The text of PDF files, Word files and spreadsheets, got by a process of its own with bounded memory and time.

See document_worker.py.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.account_data.file_format import InvalidFile
from careerplan.imports import document_worker

log = structlog.get_logger(__name__)

MAX_DOCUMENT_BYTES = 20_000_000
SECONDS_ALLOWED = 15  # a CV of 20 pages takes half a second on an idle machine
REASONS = {
    "locked": gettext_lazy("This file has a password. Save it without one and choose it again."),
    "damaged": gettext_lazy("This file is damaged or cut off. Save it again in the program it comes from."),
    "pages": gettext_lazy("This PDF has more than %(pages)s pages. Choose a file with your CV only."),
    "long": gettext_lazy("This file is far too long for a CV. Choose a file with your CV only."),
    "large": gettext_lazy("This file unpacks to far too much. Save it without pictures and choose it again."),
    "slow": gettext_lazy("Reading this file takes too long. Save it again as a simple PDF, and choose that."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document, the page or paragraph that it is on, and whether its style is that of a heading."""

    text: str
    number: int
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The text of a document. `attachments` are XML files in a PDF."""

    lines: list[Line]
    pages: int
    pages_without_text: int
    attachments: list[str]


def read_document(kind: str, data: bytes) -> DocumentText:
    """Return the text of a "pdf" or "word" file. Raises InvalidFile with the reason."""
    found = _run(kind, data)
    lines = [Line(*line) for line in found["lines"]]
    return DocumentText(lines, found["pages"], found["without_text"], found["attachments"])


def read_sheets(data: bytes) -> list[tuple[str, list[list[str]]]]:
    """Return the name and the rows of each sheet of a spreadsheet. Raises InvalidFile with the reason."""
    return [(name, rows) for name, rows in _run("sheet", data)["sheets"]]


def _run(kind: str, data: bytes) -> dict[str, Any]:
    if len(data) > MAX_DOCUMENT_BYTES:
        reason = _("This file is larger than %(most)s MB. Save it without pictures and choose it again.")
        raise InvalidFile(reason % {"most": MAX_DOCUMENT_BYTES // 1_000_000})
    modules = os.pathsep.join(filter(None, sys.path))  # the same import path, and nothing else
    try:
        made = subprocess.run(
            [sys.executable, "-m", document_worker.__name__, kind],
            input=data,
            capture_output=True,
            cwd=settings.BASE_DIR,
            env={"PYTHONPATH": modules},
            timeout=SECONDS_ALLOWED,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise InvalidFile(str(REASONS["slow"])) from error
    except subprocess.CalledProcessError as error:
        log.warning("document_not_read", kind=kind, code=error.returncode)
        raise InvalidFile(str(REASONS["slow" if error.returncode < 0 else "large"])) from error
    found: dict[str, Any] = json.loads(made.stdout)
    if refused := found.get("refused"):
        raise InvalidFile(REASONS[refused] % {"pages": document_worker.MAX_PAGES})
    return found
