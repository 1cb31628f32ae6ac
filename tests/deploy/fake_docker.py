"""Stands in for docker and docker compose: containers are entries of a file. `BROKEN=1`: new ones are never healthy.

`SILENT=1`: it does not answer when it is asked what runs. `FAILS=WORDS`: a command with these words fails, with the
code `FAILS_WITH`, and says `SAYING`. `ENDS=WORDS`: whoever runs such a command is asked to end meanwhile.

The command is a shell that asks a thread of the tests: scripts call it ten times, and to start Python takes 30 ms.
"""

import json
import os
import signal
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

VARIABLES = ("FAKE_DOCKER", "CAREERPLAN_VERSION", "BROKEN", "SILENT", "FAILS", "FAILS_WITH", "SAYING", "ENDS")
COMMAND = r"""#!/bin/bash
exec 3<>/dev/tcp/127.0.0.1/{port}
[ "$1 $2" != "compose exec" ] || IFS= read -r -d "" said
printf "%s\0" {variables} "$said" $$ $# "$@" >&3
read -r code <&3
IFS= read -r -d "" answer <&3
printf "%s" "$answer"
exit "${{code:-1}}"
"""


@contextmanager
def serving() -> Iterator[str]:
    """Answer to commands; gives the text of the command `docker`."""
    with socketserver.TCPServer(("127.0.0.1", 0), Connection) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        variables = " ".join(f'"${name}"' for name in VARIABLES)
        yield COMMAND.format(port=server.server_address[1], variables=variables)
        server.shutdown()
        thread.join()


class Connection(socketserver.StreamRequestHandler):
    """A command that asks."""

    def handle(self) -> None:
        """Read what it was given, and answer its code and what it says."""
        *variables, said, pid, count = (self._read() for _ in range(len(VARIABLES) + 3))
        arguments = [self._read() for _ in range(int(count))]
        code, answer = run(arguments, dict(zip(VARIABLES, variables, strict=True)), said, int(pid))
        self.wfile.write(f"{code}\n{answer}\n".encode() if answer else f"{code}\n".encode())

    def _read(self) -> str:
        text = b""
        while (byte := self.rfile.read(1)) not in {b"\0", b""}:
            text += byte
        return text.decode()


def run(arguments: list[str], env: Mapping[str, str], said: str, pid: int) -> tuple[int, str]:
    """Do what the command line says, and note it; return the code and what is printed."""
    file = Path(env["FAKE_DOCKER"])
    state = json.loads(file.read_text())
    containers = state["containers"]
    state["done"].append(" ".join(arguments))
    answer = ""
    if env["FAILS"] and env["FAILS"] in " ".join(arguments):
        file.write_text(json.dumps(state))
        return int(env["FAILS_WITH"] or "1"), env["SAYING"] or "it is broken"
    if env["ENDS"] and env["ENDS"] in " ".join(arguments):
        os.kill(os.getpgid(pid), signal.SIGTERM)
    if arguments[0] == "images":
        answer = "0.0.8\n0.0.9\n0.1.0\nlatest"
    elif arguments[:2] == ["compose", "exec"]:
        state["sql"].append(f"{said} {' '.join(part for part in arguments if '=' in part)}")
        answer = state["job"] if "RETURNING" in said else "Ines Roth"
    elif arguments[0] == "inspect":
        one = containers[arguments[-1]]
        answer = "true" if "Running" in arguments[2] else one["health"]
    elif arguments[0] == "rm":
        del containers[arguments[-1]]
    elif arguments[:2] == ["compose", "ps"]:
        if env["SILENT"]:
            return 1, ""
        answer = "\n".join(name for name, one in containers.items() if one["service"] == arguments[-1])
    elif arguments[:2] == ["compose", "up"]:
        up(state, arguments, env)
    state["fewest"] = min(state["fewest"], sum(one["service"] == "web" for one in containers.values()))
    file.write_text(json.dumps(state))
    return 0, answer


def up(state: dict, arguments: list[str], env: Mapping[str, str]) -> None:
    containers, version = state["containers"], env["CAREERPLAN_VERSION"]
    service, _, number = next(part for part in arguments if "=" in part).partition("=")
    if "--no-recreate" not in arguments:
        for name in [name for name, one in containers.items() if one["service"] == service]:
            containers[name]["version"] = version
    while sum(one["service"] == service for one in containers.values()) < int(number):
        state["made"] += 1
        health = "starting" if env["BROKEN"] else "healthy"
        containers[f"new{state['made']}"] = {"service": service, "version": version, "health": health}
