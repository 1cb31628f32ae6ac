"""A repository with two versions of these sources, and a clone of the earlier one, as an operator has it."""

import re
import shutil
import subprocess
from pathlib import Path

from tests.compose.stand_ins import ROOT

MIGRATION = '''"""A table that the version before does not know."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("operations", "{last}")]
    operations = [migrations.RunSQL("CREATE TABLE operations_shown (id int)", "DROP TABLE operations_shown")]
'''


def make_repository(folder: Path) -> Path:
    """Commit these sources as 0.1.0 and, with a migration and another agent, as 0.2.0. Return a clone of 0.1.0."""
    remote, clone = folder / "repository", folder / "sources"
    for old in (remote, clone):
        shutil.rmtree(old, ignore_errors=True)
    remote.mkdir()
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    archive = subprocess.run(
        ["tar", "-c", "--null", "-T", "-"], cwd=ROOT, input=files, capture_output=True, check=True
    ).stdout
    subprocess.run(["tar", "-x", "-C", str(remote)], input=archive, check=True)
    _git(remote, "init", "-q", "-b", "main")
    _commit(remote, "0.1.0")
    _git(folder, "clone", "-q", "-b", "v0.1.0", "-c", "advice.detachedHead=false", str(remote), str(clone))
    file = remote / "careerplan/core/version.py"
    file.write_text(re.sub('^NUMBER = ".*"$', 'NUMBER = "0.2.0"', file.read_text(), flags=re.MULTILINE))
    migrations = remote / "careerplan/operations/migrations"
    last = sorted(path.stem for path in migrations.glob("0*.py"))[-1]
    (migrations / "0999_shown.py").write_text(MIGRATION.format(last=last))
    with (remote / "deploy/compose/agent").open("a") as agent:
        agent.write("# 0.2.0\n")
    _commit(remote, "0.2.0")
    return clone


def _commit(remote: Path, version: str) -> None:
    _git(remote, "add", "-A", "-f")
    _git(remote, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-q", "-m", version)
    _git(remote, "tag", f"v{version}")


def _git(folder: Path, *command: str) -> None:
    subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)
