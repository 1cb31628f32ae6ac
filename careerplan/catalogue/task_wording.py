"""Tasks in other words: "Plans shifts" as the title of a goal, "Plan shifts"."""

import re

_IRREGULAR = {"has": "have", "is": "be", "does": "do", "goes": "go", "ties": "tie", "dies": "die"}
_SECOND = re.compile(r"((?:,|\b(?:and|or|but|then)) )([a-z]*[^s\W]s)\b(?: (\w+))?")
_OBJECTS = frozenset(
    "a an each every her him his how it its out the their them up what when whether who why".split()  # noqa: SIM905
)
"""Words that follow a verb, and hardly ever a noun."""


def imperative(text: str) -> str:
    """Return a task as an instruction: "Plans shifts" becomes "Plan shifts"; blank if that is not safe.

    It is not safe if a second word may be a verb or a noun: "Washes bottles and tests". A task of a release is an
    instruction already and only loses its full stop.
    """
    text = text.strip().removesuffix(".")
    first, _space, rest = text.partition(" ")
    verb = _base(first)
    if verb == first:
        return text if first.isalpha() else ""
    if first.endswith(",") or any(after not in _OBJECTS for _before, _word, after in _SECOND.findall(f" {rest}")):
        return ""
    return f"{verb} {_SECOND.sub(lambda found: found[0].replace(found[2], _base(found[2]), 1), rest)}".strip()


def _base(verb: str) -> str:
    """Return the base of a verb in the third person: "watches" becomes "watch"; any other word stays as it is."""
    lower = verb.lower()
    if lower in _IRREGULAR:
        base = _IRREGULAR[lower]
    elif not lower.endswith("s") or lower.endswith(("ss", "us")):
        return verb
    elif lower.endswith("ies"):
        base = f"{lower[:-3]}y"
    elif lower.endswith(("sses", "shes", "ches", "xes", "zzes")):
        base = lower[:-2]
    else:
        base = lower[:-1]
    return base.capitalize() if verb[0].isupper() else base
