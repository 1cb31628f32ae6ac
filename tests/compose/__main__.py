"""`make compose-test`: build, start, sign up, be reminded, scale, kill, upgrade, go back, back up, restore, ten tasks.

With names of steps only these are done, after the first ones (`make compose-test ARGS="scale upgrade go_back"`).
It prints each step with its seconds and what it saw. What it downloads stays in var/compose-test, all else is removed.
Where dockerd cannot start it says why and does the same in network namespaces; WITHOUT_DOCKER=1 asks for that.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from tests.compose import engine, servers, stand_ins
from tests.compose.namespaces import NamespaceStack
from tests.compose.stack import Stack
from tests.compose.steps import FIRST, IN_NAMESPACES, STEPS, Story, join, stand_in_images, start
from tests.compose.ten_tasks import ten_tasks
from tests.faults import network

FOLDER = stand_ins.ROOT / "var" / "compose-test"
Step = Callable[[Story], str]


def main() -> int:
    """The command line."""
    wanted = set(sys.argv[1:])
    if engine.INSIDE not in os.environ:
        return enter()
    _name_the_site()
    make_certificates(FOLDER / "certificates")
    reason = engine.why_not()
    if not reason:
        first = (stand_in_images,) if wanted == {ten_tasks.__name__} else FIRST
        try:
            with engine.Engine(FOLDER / "engine") as docker:
                return tell(Story(partial(Stack, docker, FOLDER), FOLDER), (*STEPS, ten_tasks), first, wanted)
        except engine.CannotStart as error:
            reason = str(error)
    print(f"dockerd cannot start here: {reason}. The same in network namespaces:", flush=True)
    if missing := servers.why_not():
        print(f"Not here either: {missing}")
        return 1
    subprocess.run(["ip", "link", "delete", "docker0"], capture_output=True, check=False)  # it has the hub's address
    network.make_hub()
    return tell(Story(partial(NamespaceStack, FOLDER), FOLDER), IN_NAMESPACES, (start, join), wanted)


def enter() -> int:
    """Download what is needed, and start again in namespaces of our own."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    missing = network.why_not() or servers.why_not()
    if reason := engine.why_not():
        if missing:
            print(f"dockerd cannot start here: {reason}. Nor are there machines of network namespaces: {missing}")
            return 1
    else:
        print("Fetching Debian and wheels, without any registry of images", flush=True)
        stand_ins.fetch(FOLDER)
    if not missing:
        servers.fetch(FOLDER / "proxy")
    return engine.enter_namespaces("tests.compose", *sys.argv[1:])


def tell(story: Story, steps: Iterable[Step], first: Iterable[Step], wanted: set[str]) -> int:
    """Do the steps that are wanted, after the first ones; all of them where none is named."""
    try:
        for step in steps:
            if step in first or not wanted or step.__name__ in wanted:
                story.tell(step)
    finally:
        story.end()
    print("1 passed, 0 failed", flush=True)
    return 0


def _name_the_site() -> None:
    """Let the site's name lead to this machine; only this mount namespace sees it."""
    hosts = FOLDER / "hosts"
    hosts.write_text("127.0.0.1 localhost plan.example.org\n")
    subprocess.run(["mount", "--bind", str(hosts), "/etc/hosts"], check=True)


def make_certificates(folder: Path) -> None:
    """Make a certificate authority, and a certificate for the site and the mail server."""
    folder.mkdir(exist_ok=True)
    request = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    authority = ["-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test", "-days", "2"]
    authority += ["-addext", "keyUsage=critical,keyCertSign,cRLSign"]
    names = "subjectAltName=DNS:plan.example.org,DNS:postfix"
    leaf = ["-keyout", "privkey.pem", "-out", "fullchain.pem", "-subj", "/CN=plan.example.org", "-days", "2"]
    leaf += ["-addext", names, "-addext", "basicConstraints=critical,CA:FALSE", "-CA", "ca.pem", "-CAkey", "ca.key"]
    for more in (authority, leaf):
        subprocess.run([*request, *more], cwd=folder, check=True, capture_output=True)
    (folder / "privkey.pem").chmod(0o644)  # the proxy has no right to read others' files


if __name__ == "__main__":
    sys.exit(main())
