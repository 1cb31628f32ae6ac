"""deploy/compose/upgrade: no moment without web services that work, and a new one that does not is taken away again."""

import json
import os
import subprocess

import pytest

from careerplan.core.version import NUMBER
from tests.deploy.units import ROOT

SCRIPT = ROOT / "deploy" / "compose" / "upgrade"


@pytest.fixture
def upgrade(tmp_path, docker):
    """Run the script with a stand-in for docker; return its result and what is there then."""
    state, env_file = tmp_path / "state.json", tmp_path / ".env"
    names = {"web1": "web", "web2": "web", "worker1": "worker", "worker2": "worker"}
    old = {name: {"service": service, "version": "0.0.9", "health": "healthy"} for name, service in names.items()}
    state.write_text(json.dumps({"containers": old, "done": [], "made": 0, "fewest": 2}))
    env_file.write_text("CAREERPLAN_VERSION=0.0.9\nSECRET_KEY=x")
    (tmp_path / "docker").write_text(docker)
    (tmp_path / "docker").chmod(0o755)

    def run(*arguments, stopped=False, **more):
        if stopped:
            state.write_text(json.dumps({**json.loads(state.read_text()), "containers": {}}))
        path = f"{tmp_path}:{os.environ['PATH']}"
        environment = {"PATH": path, "FAKE_DOCKER": str(state), "ENV_FILE": str(env_file), "WAIT_SECONDS": "1", **more}
        done = subprocess.run([SCRIPT, *arguments], env=environment, capture_output=True, text=True, check=False)
        return done, json.loads(state.read_text()), env_file.read_text().splitlines()

    return run


def versions(state, service):
    return [one["version"] for one in state["containers"].values() if one["service"] == service]


def place(state, part):
    return next(number for number, command in enumerate(state["done"]) if part in command)


def test_every_service_is_replaced_and_two_web_services_always_run(upgrade):
    done, state, settings = upgrade()
    assert done.returncode == 0, done.stderr
    assert versions(state, "web") == versions(state, "worker") == [NUMBER, NUMBER]
    assert state["fewest"] == 2
    order = [place(state, part) for part in ("build", "manage.py backup", "no-deps setup", "web=3", "stop", "worker=2")]
    assert order == sorted(order)
    assert settings == ["SECRET_KEY=x", f"CAREERPLAN_VERSION={NUMBER}"]


def test_a_version_that_does_not_work_is_taken_away_again(upgrade):
    done, state, settings = upgrade(BROKEN="1")
    assert done.returncode != 0
    assert "The old ones go on" in done.stderr
    assert versions(state, "web") == versions(state, "worker") == ["0.0.9", "0.0.9"]
    assert "CAREERPLAN_VERSION=0.0.9" in settings


def test_going_back_touches_no_table(upgrade):
    done, state, settings = upgrade("--back", "0.0.8")
    assert done.returncode == 0, done.stderr
    assert versions(state, "web") == ["0.0.8", "0.0.8"]
    assert not any("setup" in command for command in state["done"])
    assert "CAREERPLAN_VERSION=0.0.8" in settings


def test_where_nothing_runs_one_of_each_is_started(upgrade):
    done, state, settings = upgrade(stopped=True)
    assert done.returncode == 0, done.stderr
    assert versions(state, "web") == versions(state, "worker") == [NUMBER]
    assert settings == ["SECRET_KEY=x", f"CAREERPLAN_VERSION={NUMBER}"]


def test_where_docker_does_not_say_what_runs_nothing_is_changed(upgrade):
    done, state, settings = upgrade("--back", "0.0.8", SILENT="1")
    assert done.returncode != 0
    assert "runs" not in done.stdout
    assert not any(command.startswith("compose up") for command in state["done"])
    assert settings == ["CAREERPLAN_VERSION=0.0.9", "SECRET_KEY=x"]


def test_the_settings_stay_whole_where_they_cannot_be_written(upgrade, tmp_path):
    (tmp_path / ".env.new").mkdir(mode=0o500)
    (tmp_path / ".env.new" / ".env").mkdir()  # neither the copy nor the new text finds a place
    done, _state, settings = upgrade()
    assert done.returncode != 0
    assert settings == ["CAREERPLAN_VERSION=0.0.9", "SECRET_KEY=x"]
