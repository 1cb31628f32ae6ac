"""Render a document: JSON in, PDF out. `python -m careerplan.plan_document.typst_worker`; pdf.py starts it.

It imports only typst, its template and its fonts, so that it starts in a tenth of a second. It limits itself, and
typst's memory is freed with the process.
"""

import json
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from careerplan.plan_document.fonts import families_for, fonts

TEMPLATE = Path(__file__).with_name("plan.typ")
MOST_MEMORY = 3 * 2**30  # bytes of address space: 20 MB of fonts are mapped, the rest is for the document
MOST_SECONDS = 30  # of CPU time, in case the parent process has died


def typeset(given: bytes) -> bytes:
    """Return the PDF of the data from pdf.py. Raises typst.TypstError."""
    text = given.decode()
    year, month, day = json.loads(text)["date"]
    compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts(), ignore_system_fonts=True)
    how: dict[str, Any] = {
        "format": "pdf",
        "sys_inputs": {"plan": text, "fonts": json.dumps(families_for(text))},
        "timestamp": datetime(year, month, day, tzinfo=UTC),
    }
    try:
        made = compiler.compile(**how, pdf_standards=["ua-1"])
    except typst.TypstError:  # a character in none of the fonts: PDF/UA does not allow its empty box
        made = compiler.compile(**how)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no file")
    return made


def main() -> None:
    """Read from standard input, write to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    sys.stdout.buffer.write(typeset(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
