"""Every benchmark runs, with sizes at which it measures nothing: all in one process, which loads the product once."""

import subprocess
import sys

import pytest

from careerplan.local.processes import ROOT

pytestmark = pytest.mark.stack


def test_benchmarks_run():
    argv = [sys.executable, "-m", "benchmarks", "--tiny"]
    ended = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
