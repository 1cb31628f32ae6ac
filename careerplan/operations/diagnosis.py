"""One line of what `manage.py doctor` says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnosis:
    """What was checked, what was found, and how to mend it ("" where it is well)."""

    name: str
    found: str
    mend: str = ""
