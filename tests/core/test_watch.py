"""What hangs is ended, so that it is started again."""

import os
import signal
import subprocess
import sys
import time

import pytest

from careerplan.core import watch
from careerplan.core.version import NUMBER, version
from careerplan.core.workers import LifeSigns
from tests.test_environment import ROOT


@pytest.fixture
def process():
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as running:
        yield running
        running.kill()


@pytest.fixture
def life_file(tmp_path, process):
    """The note of a worker that has given no sign for a minute."""
    file = tmp_path / "worker"
    file.write_text(f"{process.pid}\n")
    long_ago = time.time() - watch.SILENT_SECONDS - 1
    os.utime(file, (long_ago, long_ago))
    return file


def test_a_worker_that_hangs_is_ended_at_the_third_look(process, life_file):
    assert [watch.main(["worker", str(life_file)]) for _ in range(2)] == [1, 1]
    assert process.poll() is None
    assert watch.main(["worker", str(life_file)]) == 1
    assert process.wait(5) == -signal.SIGKILL
    assert watch.main(["worker", str(life_file)]) == 0  # the next one starts


def test_a_worker_that_waits_for_redis_is_left_alone(process, life_file, monkeypatch):
    monkeypatch.setattr(watch, "redis_answers", lambda: False)
    assert [watch.main(["worker", str(life_file)]) for _ in range(5)] == [0] * 5
    assert process.poll() is None


def test_a_sign_of_life_begins_the_count_again(process, life_file):
    watch.main(["worker", str(life_file)])
    watch.main(["worker", str(life_file)])
    os.utime(life_file)
    assert watch.main(["worker", str(life_file)]) == 0
    long_ago = time.time() - watch.SILENT_SECONDS - 1
    os.utime(life_file, (long_ago, long_ago))
    assert watch.main(["worker", str(life_file)]) == 1
    assert process.poll() is None


def test_a_web_process_that_does_not_answer_is_ended(process, tmp_path, monkeypatch):
    monkeypatch.setattr(watch, "is_healthy", lambda url, host: False)
    pid_file = tmp_path / "web.pid"
    pid_file.write_text(str(process.pid))
    command = ["web", "http://127.0.0.1:1/health/web/", str(pid_file)]
    assert [watch.main(command) for _ in range(4)] == [1] * 4  # it may be starting
    assert process.poll() is None
    long_ago = time.time() - watch.START_SECONDS - 1
    os.utime(pid_file, (long_ago, long_ago))
    for _ in range(3):
        watch.main(command)
    assert process.wait(5) == -signal.SIGKILL


def test_a_worker_writes_its_process_id(tmp_path):
    from django.utils import timezone

    signs = LifeSigns(tmp_path / "worker")
    signs.give("celery@here", timezone.now())
    assert (tmp_path / "worker").read_text().strip() == str(os.getpid())
    assert watch.is_fresh(tmp_path / "worker", time.time())


def test_one_version_everywhere():
    project = (ROOT / "pyproject.toml").read_text()
    assert f'version = "{NUMBER}"' in project
    assert f"careerplan:${{CAREERPLAN_VERSION:-{NUMBER}}}" in (ROOT / "docker-compose.yml").read_text()
    command = [sys.executable, "manage.py", "--version"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert shown == f"Careerplan {version()}\n"
