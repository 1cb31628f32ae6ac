"""The command `docker` of the tests."""

from collections.abc import Iterator

import pytest

from tests.deploy import fake_docker


@pytest.fixture(scope="package")
def docker() -> Iterator[str]:
    """The text of a command that stands in for docker."""
    with fake_docker.serving() as text:
        yield text
