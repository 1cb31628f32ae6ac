"""The supervisor ends a service that hangs, and starts it again."""

import asyncio
import io
import os
import sys
import threading
from pathlib import Path

import pytest

from careerplan.local import supervisor
from careerplan.local.processes import Service, wait_until
from careerplan.local.supervisor import Output, Supervisor


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    monkeypatch.setattr(supervisor, "ALIVE_EVERY_SECONDS", 0.05)
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_SECONDS", 0.05)


def test_service_that_hangs_is_started_again(tmp_path: Path):
    """It lives while its file is there; the supervisor's first kill is seen by a new process number in the output."""
    (tmp_path / "run").mkdir()
    alive, output = [True], io.StringIO()
    argv = (sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)")
    service = Service("steady", argv, {"PATH": os.environ["PATH"]}, alive=lambda: alive[0])

    async def watch() -> None:
        async with Supervisor(logs=tmp_path, notes=tmp_path / "run", output=Output(output)) as running:
            await running.up([service])
            await asyncio.sleep(0.5)
            assert output.getvalue().count("hangs") == 0
            alive[0] = False
            assert await asyncio.to_thread(wait_until, lambda: "steady hangs" in output.getvalue(), 10)
            alive[0] = True
            started = lambda: output.getvalue().count("steady   | ") >= 2  # noqa: E731
            assert await asyncio.to_thread(wait_until, started, 10)

    failures: list[BaseException] = []

    def in_thread() -> None:  # Playwright leaves its loop running in the thread of the tests
        try:
            asyncio.run(watch())
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    thread = threading.Thread(target=in_thread)
    thread.start()
    thread.join(60)
    assert failures == []
    assert not thread.is_alive()
