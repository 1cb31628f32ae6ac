"""Web, worker and scheduler as compose starts them: each line of each log is a JSON object."""

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
import yaml

from careerplan.local.processes import kill_group
from careerplan.local.stack import Stack
from tests.plugins.template import template
from tests.stack.conftest import wait_for
from tests.test_environment import ROOT

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("faults")]


def commands(port: int, folder: str) -> dict[str, list[str]]:
    """The commands of the image and of compose, on this machine."""
    [web] = re.findall(
        r"^CMD (\[.*?\])$", (ROOT / "Dockerfile").read_text().replace("\\\n", ""), re.MULTILINE | re.DOTALL
    )
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    found = {"web": json.loads(web), "worker": services["worker"]["command"], "beat": services["beat"]["command"]}
    here = {"0.0.0.0": "127.0.0.1", "8000": str(port)}
    return {
        name: [sys.executable, "-m", *(here.get(part, part.replace("/tmp/", f"{folder}/")) for part in command)]
        for name, command in found.items()
    }


def test_every_process_writes_json_lines(tmp_path):
    with Stack(env={"LOG_FORMAT": "json"}, template=template()) as stack:
        stack.prepare()
        running = {}
        for name, command in commands(stack.port, str(tmp_path)).items():
            with (tmp_path / f"{name}.log").open("wb") as log:
                running[name] = subprocess.Popen(
                    command, env=stack.site.product_env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
                )
        try:
            wait_for(lambda: health(stack)["parts"].get("workers") == "ok")
        finally:
            for process in running.values():
                kill_group(process.pid)
                process.wait()
    for name in running:
        lines = (tmp_path / f"{name}.log").read_text().splitlines()
        assert lines, name
        assert {"event", "level", "timestamp"} <= set.intersection(*(set(json.loads(line)) for line in lines)), name


def health(stack: Stack) -> dict:
    try:
        with urllib.request.urlopen(f"{stack.base_url}/health/", timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)
    except OSError:
        return {"parts": {}}
