"""The processes as deploy/systemd starts them, behind a proxy: logs are JSON lines, and doctor finds nothing wrong."""

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from careerplan.local.processes import ROOT, kill_group
from careerplan.local.servers import free_port
from careerplan.local.stack import Stack
from tests.deploy.units import UNITS, commands_of
from tests.operations.small_proxy import Behaviour, small_proxy
from tests.plugins.template import template
from tests.stack.conftest import wait_for

pytestmark = pytest.mark.stack

PROCESSES = ("web", "worker", "beat")
# systemd does not start the worker as root; here the tests may be root.
AS_ROOT = ["-W", "ignore:You're running the worker"]


def command_of(name: str, port: int, folder: str) -> list[str]:
    """The command line of a unit, on this machine."""
    [command] = commands_of(UNITS[f"careerplan-{name}.service"])
    here = {"8000": str(port), "${WEB_PROCESSES}": "1"}
    program, *arguments = [here.get(part, part.replace("/run/careerplan-", f"{folder}/")) for part in command]
    return [sys.executable, *AS_ROOT, "-m", program.rpartition("/")[2], *arguments]


# A line of the worker's log that the task of sending wrote, its name and its id in either order.
SENT_BY = re.compile(r'(?m)^(?=.*"task_id")(?=.*"careerplan.reminders.tasks.send_reminders").*$')


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    """The log of each process and command by its name, from the start of the processes to their end."""
    folder = tmp_path_factory.mktemp("run")
    port = free_port()
    env = {
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "INFO",
        "BASE_URL": f"http://localhost:{port}",
        "TRUSTED_PROXY_COUNT": "1",
        "DELETIONS_FILE": str(folder / "deletions.jsonl"),
        "METRICS_TOKEN": "m" * 32,
        "WORKER_PROCESSES": "1",
        "WORKER_LIFE_FILE": str(folder / "life"),
    }
    found: dict[str, list[str]] = {}
    with Stack(env=env, template=template()) as stack, small_proxy(stack.port, Behaviour(scheme="http"), port):
        stack.prepare()
        running = {name: start(stack, name, folder) for name in PROCESSES}
        try:
            wait_for(lambda: health(env["BASE_URL"])["parts"].get("workers") == "ok", 120)
            wait_for(lambda: SENT_BY.search((folder / "worker.log").read_text()), 120)
            found["doctor"], _log = manage(stack, "doctor")
            _said, found["command"] = manage(stack, "people", "invite", "someone@example.org")
        finally:
            for process in running.values():
                kill_group(process.pid)
                process.wait()
    return found | {name: (folder / f"{name}.log").read_text().splitlines() for name in PROCESSES}


def start(stack: Stack, name: str, folder) -> subprocess.Popen[bytes]:
    command = command_of(name, stack.port, str(folder))
    (folder / name).mkdir()
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            command, env=stack.site.product_env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )


def health(base_url: str) -> dict:
    try:
        with urllib.request.urlopen(f"{base_url}/health/", timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error) if error.code == 503 else {"parts": {}}
    except OSError:
        return {"parts": {}}


def manage(stack: Stack, *arguments: str) -> tuple[list[str], list[str]]:
    """What a command says, and what it logs."""
    argv = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(argv, env=stack.env, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.splitlines(), done.stderr.splitlines()


@pytest.mark.parametrize("name", [*PROCESSES, "command"])
def test_each_line_of_each_log_is_a_json_object(logs, name):
    lines = [json.loads(line) for line in logs[name]]
    assert lines
    assert {"event", "level", "timestamp", "logger"} <= set.intersection(*(set(line) for line in lines))


def test_lines_of_a_task_have_its_id(logs):
    lines = [json.loads(line) for line in logs["worker"]]
    assert {line["task"] for line in lines if "task_id" in line} >= {"careerplan.reminders.tasks.send_reminders"}


def test_doctor_has_nothing_to_mend_behind_the_proxy(logs):
    assert [line for line in logs["doctor"] if line.startswith("MEND")] == []
    said = [line.split(maxsplit=2)[2] for line in logs["doctor"] if line.split()[1:2] == ["proxy"]]
    assert [fact for fact in ("127.0.0.1", "the proxy", "50 MB") if not any(fact in line for line in said)] == []
