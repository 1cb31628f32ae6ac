"""The HTML of every page is valid: vnu, the checker of the W3C, reads what a person with a plan and one without get.

vnu comes from npm and needs Java (docs/testing.md). Where one of them is missing the test is skipped, and says so.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from careerplan.local.processes import ROOT
from tests.browser import people
from tests.stack_process import StackProcess

pytestmark = [pytest.mark.stack]

JAR = Path(
    os.environ.get("VNU_JAR") or ROOT / "var" / "tools" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
)
# Tables that become lists on a phone name the roles of their parts, which `display: grid` takes away.
KNOWN = tuple(f"The “role” attribute must not be used on a “{part}” element" for part in ("td", "th", "tr"))

needs_vnu = pytest.mark.skipif(
    not (JAR.is_file() and shutil.which("java")),
    reason="vnu is not there: install Java, and `npm install --prefix var/tools vnu-jar`",
)


@needs_vnu
def test_every_page_is_valid_html(product: StackProcess, tmp_path: Path) -> None:
    ruth = product.call(people.make_ruth_address)
    for who, email in {"ruth": ruth, "newcomer": product.call(people.make_person), "stranger": ""}.items():
        written = product.call("tests.browser.every_page.write_pages", email=email, folder=str(tmp_path), prefix=who)
        assert written
    assert wrong_in(tmp_path) == []


def wrong_in(folder: Path) -> list[str]:
    """What vnu says about the pages in a folder, without what is known."""
    argv = [
        "java",
        "-jar",
        str(JAR),
        "--errors-only",
        "--format",
        "json",
        "--exit-zero-always",
        *map(str, folder.iterdir()),
    ]
    said = subprocess.run(argv, capture_output=True, check=True, timeout=120, text=True).stderr
    found = [(message["message"], message) for message in json.loads(said)["messages"]]
    return [
        f"{Path(one['url']).name}: {words} {one.get('extract')}" for words, one in found if not words.startswith(KNOWN)
    ]
