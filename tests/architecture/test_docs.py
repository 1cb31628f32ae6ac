"""The documentation builds as a site without a warning, with each decision in its list."""

import re
import subprocess
import sys

from tests.test_environment import ROOT


def test_the_site_of_the_documentation_builds_without_a_warning(tmp_path):
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    assert (tmp_path / "site" / "operating" / "backups" / "index.html").exists()
    decisions = (tmp_path / "site" / "adr" / "index.html").read_text()
    assert [path.stem for path in (ROOT / "docs" / "adr").glob("0*.md") if f"{path.stem}/" not in decisions] == []


def test_documents_that_the_code_names_are_here():
    here = {path.name for place in ("docs/**/*.md", "*.md", "deploy/**/*.md") for path in ROOT.glob(place)}
    code = (path for part in ("careerplan", "accounts", "tests", "benchmarks") for path in (ROOT / part).rglob("*.py"))
    named = {(path.name, name) for path in code for name in re.findall(r"[\w-]+\.md\b", path.read_text())}
    assert {one for one in named if one[1] not in here} == set()
