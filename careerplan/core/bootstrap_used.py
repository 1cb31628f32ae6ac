"""The part of Bootstrap that our pages use: a ninth of its sheet, so that a phone reads and applies less.

A class of Bootstrap that a template uses and CLASSES lacks fails tests/core/test_page_frame.py.
"""

import re
from collections.abc import Iterator, Set

NAMES = (
    "align-baseline align-items-center align-self-center border border-top-0 btn btn-danger btn-link "
    "btn-outline-danger btn-outline-secondary btn-primary btn-secondary btn-sm d-block d-flex d-inline "
    "flex-grow-1 form-check form-check-inline form-check-input form-check-label form-control form-label "
    "form-select form-text fs-6 gap-2 h-auto h4 h6 input-group input-group-text invalid-feedback is-invalid lead "
    "m-0 mark mb-0 mb-1 mb-2 mb-3 mb-4 mb-5 ms-2 ms-auto mt-1 mt-2 mt-3 mt-4 mt-5 mx-auto my-3 my-4 p-0 ps-0 ps-3 "
    "pt-0 px-0 py-4 small text-body text-break text-decoration-underline text-end text-wrap visually-hidden w-100 "
)
CLASSES = frozenset(NAMES.split())
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
NEGATION = re.compile(r":not\([^)]*\)")


def used_rules(sheet: str, classes: Set[str] = CLASSES) -> str:
    """Return a minified sheet without the selectors that name another class. Rules of elements and variables stay."""
    return "".join(_used(sheet, classes))


def _used(sheet: str, classes: Set[str]) -> Iterator[str]:
    for head, body in _blocks(sheet):
        if head.startswith(("@media", "@supports")):
            if inner := used_rules(body, classes):
                yield f"{head}{{{inner}}}"
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        elif kept := [one for one in _selectors(head) if set(CLASS.findall(NEGATION.sub("", one))) <= classes]:
            yield f"{','.join(kept)}{{{body}}}"


def _blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield each block of a sheet with what is before it. No text of the sheet may hold a brace."""
    end = 0
    while (start := sheet.find("{", end)) >= 0:
        head, depth, place = sheet[end:start].strip(), 1, start + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(sheet[place], 0)
            place += 1
        yield head, sheet[start + 1 : place - 1]
        end = place


def _selectors(head: str) -> list[str]:
    """Return the selectors before a block; a comma inside brackets separates none."""
    return re.split(r",(?![^(]*\))", head)
