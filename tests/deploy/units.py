"""The units of systemd in deploy/systemd, as what they set."""

import shlex
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "systemd"
CURRENT, RELEASE = "/opt/careerplan/current", "/opt/careerplan/releases/%i"
# What the units add to the variables of the product: how many processes to start.
COUNTS = {"WEB_PROCESSES", "WORKER_PROCESSES"}

Unit = dict[str, list[str]]


def read_unit(path: Path) -> Unit:
    """Return the values of each setting, in order. Sections do not matter: no setting is in two of them."""
    found: Unit = defaultdict(list)
    for line in path.read_text().replace("\\\n", " ").splitlines():
        if line and line[0] not in "#[":
            name, _, value = line.partition("=")
            found[name].append(value)
    return found


def read_environment_file(path: Path) -> dict[str, str]:
    """Return the variables of a file for EnvironmentFile."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return {name: "".join(shlex.split(value)) for name, _, value in (line.partition("=") for line in lines)}


def commands_of(unit: Unit) -> list[list[str]]:
    """Return the command lines that a service runs."""
    return [shlex.split(command) for command in unit["ExecStart"]]


def names_in_environment(unit: Unit) -> set[str]:
    """Return the variables that a unit sets itself."""
    return {value.partition("=")[0] for value in unit["Environment"]}


UNITS = {
    path.name: read_unit(path) for path in sorted(FOLDER.iterdir()) if path.suffix in {".service", ".timer", ".target"}
}
