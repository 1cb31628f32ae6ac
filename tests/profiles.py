"""How much a run tries of what it tests: `quick` is `make test`, `ci` the gate, `thorough` is for a night or a doubt.

TEST_PROFILE names one; without it, it is `ci` where CI is set and `quick` elsewhere (docs/adr/0017).
"""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """How many examples a property draws, and how often a page is looked at: in one width and theme, two, or all.

    A thorough run also does in all ways what others do in two, and has axe judge texts that look like others again.
    """

    examples: int
    looks: int
    is_thorough: bool = False


PROFILES = {"quick": Profile(12, 1), "ci": Profile(40, 2), "thorough": Profile(400, 4, is_thorough=True)}
PROFILE_NAME = os.environ.get("TEST_PROFILE") or ("ci" if os.environ.get("CI") else "quick")
PROFILE = PROFILES[PROFILE_NAME]
