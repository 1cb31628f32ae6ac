"""Ports are given out once, to all processes of this machine."""

import socket
import subprocess
import sys

from careerplan.local import servers
from careerplan.local.processes import ROOT
from careerplan.local.servers import free_port

GIVEN = "from careerplan.local.servers import free_port; import time; print(free_port(), flush=True); time.sleep(60)"


class SamePort(socket.socket):
    """A socket for which the machine first finds a port that was given out already."""

    offered: list[int] = []

    def getsockname(self):
        return ("127.0.0.1", self.offered.pop(0)) if self.offered else super().getsockname()


def test_no_port_is_given_out_twice(monkeypatch):
    other = subprocess.Popen([sys.executable, "-c", GIVEN], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        theirs, ours = int(other.stdout.readline()), free_port()
        SamePort.offered = [theirs, ours]
        monkeypatch.setattr(servers.socket, "socket", SamePort)
        assert free_port() not in {theirs, ours}
        assert SamePort.offered == []
    finally:
        other.kill()
        other.wait()
        other.stdout.close()
    SamePort.offered = [theirs]
    assert free_port() == theirs  # who had it is gone
