"""Asks the machine's nginx for a page ten times a second, from its network, and counts the answers."""

import json
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.systemd.machine import Machine

ANSWERED = {200, 403}
PAGE = "/account/login/"


class Prober:
    """A process in the network of the machine. Use it in a with statement."""

    def __init__(self, machine: "Machine") -> None:
        self._command = [*machine.enter("--net"), sys.executable, __file__]

    def __enter__(self) -> "Prober":
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        time.sleep(2)
        return self

    def __exit__(self, *exception: object) -> None:
        time.sleep(2)
        output, _ = self._process.communicate(timeout=60)  # closing its input ends it
        self.answers = [(seconds, status) for seconds, status in json.loads(output or "[]")]

    def report(self, *, is_complete: bool = False) -> str:
        """Return how it was answered. Raises AssertionError where an answer was missing and none may be."""
        counts = Counter(status for _seconds, status in self.answers)
        if is_complete:
            assert counts.keys() == ANSWERED, counts
        said = ", ".join(f"{number} x {status or 'none'}" for status, number in sorted(counts.items()))
        return f"answers meanwhile: {said}; slowest {max(seconds for seconds, _status in self.answers):.1f} s"


def ask_until_input_ends() -> None:
    """Write how long each answer took, and its status, when standard input is closed.

    Every fifth time it sends a form without a token, which is answered by 403: proxies do not repeat those.
    """
    import select
    import ssl
    from http.client import HTTPException, HTTPSConnection

    context, answers = ssl._create_unverified_context(), []
    while not select.select([sys.stdin], [], [], 0.1)[0]:
        started, method = time.monotonic(), "GET" if len(answers) % 5 else "POST"
        try:
            connection = HTTPSConnection("127.0.0.1", context=context, timeout=30)
            connection.request(method, PAGE, headers={"Host": "plan.example.org"})
            status = connection.getresponse().status
            connection.close()
        except (OSError, HTTPException):
            status = 0
        answers.append((time.monotonic() - started, status))
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    ask_until_input_ends()
