"""Stands in for docker and docker compose: containers are entries of a file. `BROKEN=1`: new ones are never healthy.

`SILENT=1`: it does not answer when it is asked what runs. `FAILS=WORDS`: a command with these words fails, with the
code `FAILS_WITH`, and says `SAYING`. `ENDS=WORDS`: whoever runs such a command is asked to end meanwhile.
"""

import json
import os
import signal
import sys
from pathlib import Path


def main(arguments: list[str]) -> None:
    """Do what the command line says, and note it."""
    file = Path(os.environ["FAKE_DOCKER"])
    state = json.loads(file.read_text())
    containers = state["containers"]
    state["done"].append(" ".join(arguments))
    failing = os.environ.get("FAILS")
    if failing and failing in " ".join(arguments):
        print(os.environ.get("SAYING", "it is broken"))
        file.write_text(json.dumps(state))
        sys.exit(int(os.environ.get("FAILS_WITH", "1")))
    ends = os.environ.get("ENDS")
    if ends and ends in " ".join(arguments):
        os.kill(os.getpgid(0), signal.SIGTERM)
    if arguments[0] == "images":
        print("0.0.8\n0.0.9\n0.1.0\nlatest")
    elif arguments[:2] == ["compose", "exec"]:
        statement = sys.stdin.read()
        state["sql"].append(f"{statement} {' '.join(part for part in arguments if '=' in part)}")
        print(state["job"] if "RETURNING" in statement else "Ines Roth")
    elif arguments[0] == "inspect":
        one = containers[arguments[-1]]
        print("true" if "Running" in arguments[2] else one["health"])
    elif arguments[0] in {"stop", "rm"}:
        if arguments[0] == "rm":
            del containers[arguments[-1]]
    elif arguments[:2] == ["compose", "ps"]:
        if os.environ.get("SILENT"):
            sys.exit(1)
        print("\n".join(name for name, one in containers.items() if one["service"] == arguments[-1]))
    elif arguments[:2] == ["compose", "up"]:
        up(state, arguments)
    state["fewest"] = min(state["fewest"], sum(one["service"] == "web" for one in containers.values()))
    file.write_text(json.dumps(state))


def up(state: dict, arguments: list[str]) -> None:
    containers, version = state["containers"], os.environ["CAREERPLAN_VERSION"]
    service, _, number = next(part for part in arguments if "=" in part).partition("=")
    if "--no-recreate" not in arguments:
        for name in [name for name, one in containers.items() if one["service"] == service]:
            containers[name]["version"] = version
    while sum(one["service"] == service for one in containers.values()) < int(number):
        state["made"] += 1
        health = "starting" if os.environ.get("BROKEN") else "healthy"
        containers[f"new{state['made']}"] = {"service": service, "version": version, "health": health}


if __name__ == "__main__":
    main(sys.argv[1:])
