"""What is read of a release of O*NET, and what is said of one that cannot be read."""

import pytest

from careerplan.catalogue.archive import ReleaseError, open_release
from careerplan.catalogue.onet import read_release
from tests.catalogue.releases import (
    ELEMENTS,
    ESSENTIAL,
    TRANSFERABLE,
)

OF_SKILLS = [*ESSENTIAL, *TRANSFERABLE]


def read(path, number=""):
    """What is read at a path, and the lines of progress."""
    said = []
    with open_release(path) as release:
        return read_release(release, set(ELEMENTS), said.append, number), said


def refusal(path):
    """What is said of a broken release."""
    with pytest.raises(ReleaseError) as caught:
        read(path)
    return str(caught.value)
