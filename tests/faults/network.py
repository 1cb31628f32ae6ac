"""Machines of network namespaces, and a network between them that can be cut.

We are the machine of the servers: `make faults ARGS=machines` starts itself again in a namespace of its own. All
namespaces end with their processes, so nothing is left on the machine, whatever happens.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from careerplan.local.processes import ROOT, Service

NETWORK, HUB, BRIDGE = "10.77.0.0/24", "10.77.0.1", "hub"
INSIDE = "CAREERPLAN_FAULTS_NETWORK"
"""Set where we are in the namespace of the servers."""
PROGRAMS = ("ip", "unshare", "nsenter", "sleep")


def why_not() -> str:
    """Return why machines cannot be made here, or ""."""
    if sys.platform != "linux":
        return "network namespaces are a part of Linux"
    if missing := [program for program in PROGRAMS if not shutil.which(program)]:
        return f"{', '.join(missing)} is not installed (iproute2, util-linux)"
    if os.geteuid() != 0:
        return "only root can make network namespaces"
    tried = subprocess.run(
        ["unshare", "--net", "ip", "link", "add", BRIDGE, "type", "bridge"], capture_output=True, text=True, check=False
    )
    return tried.stderr.strip()


def run_inside(arguments: list[str]) -> int:
    """Start the fault suite again in a network namespace of its own; return its exit code."""
    argv = ["unshare", "--net", sys.executable, "-m", "tests.faults", *arguments]
    return subprocess.run(argv, env=os.environ | {INSIDE: "1"}, cwd=ROOT, check=False).returncode


def make_hub() -> None:
    """Give our namespace an address and a bridge to which machines are connected."""
    _ip("link", "set", "lo", "up")
    _ip("link", "add", BRIDGE, "type", "bridge")
    _ip("address", "add", f"{HUB}/24", "dev", BRIDGE)
    _ip("link", "set", BRIDGE, "up")


@dataclass
class Machine:
    """A namespace with an address in the network. It exists from `start` until `stop`."""

    number: int
    _holder: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return f"10.77.0.{10 + self.number}"

    @property
    def port_of_bridge(self) -> str:
        """Return the end of its cable at the bridge."""
        return f"machine{self.number}"

    def start(self) -> None:
        """Make the namespace and connect it."""
        self._holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        ours = Path("/proc/self/ns/net").readlink()
        end = time.monotonic() + 10
        while self._namespace.readlink() == ours:
            if time.monotonic() > end:
                raise TimeoutError("the namespace was not made")
            time.sleep(0.01)
        peer = ("peer", "name", "eth0", "netns", str(self._holder.pid))
        _ip("link", "add", self.port_of_bridge, "type", "veth", *peer)
        self.connect()
        _ip("link", "set", self.port_of_bridge, "up")
        for words in (
            ("link", "set", "lo", "up"),
            ("address", "add", f"{self.address}/24", "dev", "eth0"),
            ("link", "set", "eth0", "up"),
        ):
            subprocess.run([*self._enter, "ip", *words], check=True)

    def stop(self) -> None:
        """End the namespace; what still runs in it keeps it."""
        if self._holder:
            self._holder.kill()
            self._holder.wait()

    def cut_off(self) -> None:
        """Take its cable out of the bridge: its packets arrive nowhere, and nobody tells it."""
        _ip("link", "set", self.port_of_bridge, "nomaster")

    def connect(self) -> None:
        """Put its cable into the bridge."""
        _ip("link", "set", self.port_of_bridge, "master", BRIDGE)

    def runs(self, service: Service, env: Mapping[str, str]) -> Service:
        """Return a service as this machine runs it."""
        name = f"{service.name}-machine{self.number}"
        return replace(service, name=name, argv=(*self._enter, *service.argv), env={**service.env, **env})

    @property
    def _namespace(self) -> Path:
        if self._holder is None:
            raise RuntimeError("the machine is not started")
        return Path(f"/proc/{self._holder.pid}/ns/net")

    @property
    def _enter(self) -> tuple[str, ...]:
        return ("nsenter", f"--net={self._namespace}", "--")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
