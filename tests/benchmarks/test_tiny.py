"""Every benchmark runs, with sizes at which it measures nothing."""

import subprocess
import sys

import pytest

from benchmarks.__main__ import BENCHMARKS
from careerplan.local.processes import ROOT

pytestmark = pytest.mark.stack


@pytest.mark.parametrize("name", BENCHMARKS)
def test_benchmark_runs(name):
    argv = [sys.executable, "-m", "benchmarks", "--tiny", name]
    ended = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
