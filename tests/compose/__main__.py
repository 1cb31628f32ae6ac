"""`make compose-test`: build, start, sign up, be reminded, scale, kill, upgrade, go back, back up, restore, ten tasks.

With names of steps only these are done, after the first ones (`make compose-test ARGS="scale upgrade go_back"`).
It prints each step with its seconds and what it saw. What it downloads stays in var/compose-test, all else is removed.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.compose import engine, stand_ins
from tests.compose.steps import FIRST, STEPS, Story, stand_in_images
from tests.compose.ten_tasks import ten_tasks
from tests.systemd.__main__ import main as without_docker

FOLDER = stand_ins.ROOT / "var" / "compose-test"


def main() -> int:
    """The command line."""
    if reason := engine.why_not():
        print(f"dockerd cannot start here: {reason}. The same without containers:", flush=True)
        return without_docker()
    if engine.INSIDE not in os.environ:
        FOLDER.mkdir(parents=True, exist_ok=True)
        print("Fetching Debian and wheels, without any registry of images", flush=True)
        stand_ins.fetch(FOLDER)
        return engine.enter_namespaces("tests.compose", *sys.argv[1:])
    _name_the_site()
    wanted = set(sys.argv[1:])
    with engine.Engine(FOLDER / "engine") as docker:
        make_certificates(FOLDER / "certificates")
        story = Story(docker, FOLDER)
        try:
            first = (stand_in_images,) if wanted == {ten_tasks.__name__} else FIRST
            for step in (*STEPS, ten_tasks):
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
