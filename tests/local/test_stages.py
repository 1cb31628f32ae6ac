"""What `make run` says while it starts: each stage with its number, and that a long one still runs."""

import asyncio
import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from careerplan.local import bootstrap
from careerplan.local.stages import Stages
from careerplan.local.supervisor import Output


def said(work):
    """What is said while `work` runs with stages that report each hundredth of a second."""
    stream = io.StringIO()

    def run():  # in a thread of its own: a browser of another test may have left a loop in this one
        asyncio.run(work(Stages(Output(stream), 2, still_every=0.01)))

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result(timeout=10)
    return stream.getvalue().splitlines()


def test_each_stage_is_numbered_and_a_long_one_says_that_it_still_runs():
    async def work(stages):
        async with stages.stage("Creating the tables"):
            await asyncio.sleep(0.1)
        async with stages.stage("Loading skills"):
            pass

    lines = said(work)
    assert (lines[0], lines[-1]) == ("[1/2] Creating the tables ...", "[2/2] Loading skills ...")
    assert len(lines) > 3


def test_nothing_more_is_said_after_a_stage_that_failed():
    async def work(stages):
        with pytest.raises(ValueError, match="no"):
            async with stages.stage("Creating the tables"):
                raise ValueError("no")
        await asyncio.sleep(0.05)

    assert said(work) == ["[1/2] Creating the tables ..."]


def test_installing_says_how_many_packages_were_found(tmp_path, monkeypatch, capsys):
    lock = tmp_path / "requirements-local.lock"
    lock.write_text("one==1.0 \\\n    --hash=sha256:00\ntwo-words==2.0 ; python_version < '3'\n    # via one\n")
    monkeypatch.setattr(bootstrap, "lock_file", lambda extra: str(lock))
    report = bootstrap.report_packages("local")
    report("Collecting one==1.0 (from -r ...)\n  Downloading one-1.0\n")
    report("Collecting one==1.0\nCollecting two-words==2.0\nInstalling collected packages: one\n")
    numbers = [re.findall(r"\d+ of \d+", line) for line in capsys.readouterr().out.splitlines()]
    assert numbers == [["1 of 2"], ["2 of 2"]]
