"""The units of deploy/systemd: systemd takes them, and what they name exists."""

import re
import shutil
import subprocess

import pytest
from django.urls import resolve

from careerplan.core.http import FORM_BYTES
from careerplan.core.watch import FAILURES, SILENT_SECONDS
from careerplan.environment import VARIABLES
from tests.architecture import routes
from tests.architecture.test_routes import address
from tests.deploy.programs import problem_of
from tests.deploy.units import (
    COUNTS,
    CURRENT,
    FOLDER,
    RELEASE,
    ROOT,
    UNITS,
    commands_of,
    names_in_environment,
    read_environment_file,
    read_unit,
)

NAMES = {variable.name for variable in VARIABLES}
SERVICES = {name: unit for name, unit in UNITS.items() if name.endswith(".service")}
LONG_RUNNING = {"careerplan-web.service", "careerplan-worker.service", "careerplan-beat.service"}
MOST_EXPOSED = 2.0
"""Of 10, by systemd-analyze security; a service without any protection has 9.6."""
analyze = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(not analyze, reason="systemd-analyze is not installed")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The units, as for an installation in this folder."""
    folder = tmp_path_factory.mktemp("units")
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    for path in folder.glob("*.service"):
        path.write_text(path.read_text().replace(CURRENT, str(ROOT)).replace(RELEASE, str(ROOT)))
    return folder


@needs_systemd
def test_systemd_takes_each_unit(installed):
    units = [str(installed / name) for name in UNITS]
    done = subprocess.run([analyze, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if str(installed) in line or "careerplan" in line]
    assert (ours, done.returncode) == ([], 0)


@needs_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_services_can_do_little_else(installed, name):
    argv = [analyze, "security", "--offline=yes", f"--threshold={MOST_EXPOSED * 10:.0f}", str(installed / name)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", SERVICES)
def test_commands_exist(name):
    commands = commands_of(SERVICES[name])
    assert commands
    assert [said for command in commands if (said := problem_of(command))] == []


@pytest.mark.parametrize("name", SERVICES)
def test_variables_are_those_of_the_product(name):
    unit = SERVICES[name]
    assert names_in_environment(unit) <= NAMES | COUNTS
    used = set(re.findall(r"\$\{(\w+)\}", " ".join(unit["ExecStart"])))
    assert used <= names_in_environment(unit)  # they have a value where the file does not give one


def test_examples_name_what_is_needed_and_nothing_unknown():
    app, owner = (read_environment_file(FOLDER / f"{name}.env.example") for name in ("careerplan", "owner"))
    assert {variable.name for variable in VARIABLES if variable.is_required} <= set(app) <= NAMES | COUNTS
    assert set(owner) <= NAMES
    assert app["EMAIL_FROM"] == "Careerplan <plan@example.org>"


@pytest.mark.parametrize("name", SERVICES)
def test_owner_of_the_tables_is_for_the_operator_only(name):
    files = SERVICES[name]["EnvironmentFile"]
    assert files[0] == "/etc/careerplan/careerplan.env"
    as_owner = files[1:] == ["/etc/careerplan/owner.env"]
    assert as_owner == (name in {"careerplan-setup@.service", "careerplan-backup.service"})


@pytest.mark.parametrize("name", sorted(LONG_RUNNING))
def test_what_ends_is_started_again(name):
    assert SERVICES[name]["Restart"] == ["always"]
    assert SERVICES[name]["PartOf"] == SERVICES[name]["WantedBy"] == ["careerplan.target"]


@pytest.mark.parametrize("kind", ["web", "worker"])
def test_hanging_process_is_watched(kind):
    watch, watched = UNITS[f"careerplan-watch-{kind}.service"], UNITS[f"careerplan-{kind}.service"]
    [command] = commands_of(watch)
    note = command[-1]
    assert command[command.index("-m") + 1 :][:2] == ["careerplan.core.watch", kind]
    # It looks at the file that the other writes, in a folder that it may write to.
    assert note in " ".join([*watched["ExecStart"], *watched["Environment"]])
    assert watch["ConditionPathExists"] == [note]
    assert [f"/run/{watched['RuntimeDirectory'][0]}"] == watch["ReadWritePaths"] == [note.rpartition("/")[0]]
    [seconds] = re.findall(r":00/(\d+)$", UNITS[f"careerplan-watch-{kind}.timer"]["OnCalendar"][0])
    assert FAILURES * int(seconds) < SILENT_SECONDS
    if kind == "web":
        assert resolve("/" + command[-2].split("/", 3)[3]).view_name == "alive"


def test_second_web_process_differs_from_the_first_in_its_place_only():
    """nginx asks it when the first one takes no connection, and never holds a failure against the first."""
    first, second = (UNITS[f"careerplan-web{name}.service"] for name in ("", "-second"))
    moved = [("8000", "8001"), ("careerplan-web/", "careerplan-web-second/")]
    for setting in ("ExecStart", "ExecStartPost", "Environment", "EnvironmentFile", "Restart", "TimeoutStartSec"):
        text = "".join(first[setting])
        for here, there in moved:
            text = text.replace(here, there)
        assert text == "".join(second[setting])
    assert "WantedBy" not in second  # it runs in an upgrade only
    assert "careerplan.core.watch started http://127.0.0.1:8000/health/web/" in first["ExecStartPost"][0]
    servers = re.findall(r"^ +server (.*?);", PROXY, re.MULTILINE)
    assert servers == ["127.0.0.1:8000 max_fails=0", "127.0.0.1:8001 max_fails=0 backup"]


@pytest.mark.parametrize(("starts", "current"), [(True, "0.2.0"), (False, "0.1.0")])
def test_releases_are_changed_over_behind_a_second_web_process(tmp_path, starts, current):
    for name in ("0.1.0", "0.2.0"):
        (tmp_path / f"releases/{name}/.venv/bin").mkdir(parents=True)
        (tmp_path / f"releases/{name}/.venv/bin/python").symlink_to("/bin/true")
    (tmp_path / "current").symlink_to(tmp_path / "releases/0.1.0")
    fake = tmp_path / "systemctl"
    fake.write_text(
        f'#!/bin/sh\necho "$*" >> {tmp_path}/done\n[ "$1" != start ] || exec {"true" if starts else "false"}\n'
    )
    fake.chmod(0o755)
    script = (FOLDER / "careerplan-change").read_text().replace("/opt/careerplan", str(tmp_path))
    done = subprocess.run(["sh", "-c", script, "x", "0.2.0"], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=False)
    assert (done.returncode == 0, (tmp_path / "current").readlink().name) == (starts, current)
    said = ["start careerplan-web-second", "restart careerplan-web", "stop careerplan-web-second"]
    said.append("restart careerplan-worker careerplan-beat")
    assert (tmp_path / "done").read_text().splitlines() == (said if starts else said[:1])


def test_every_timer_has_its_service():
    timers = [name for name in UNITS if name.endswith(".timer")]
    assert len(timers) == 3
    assert all(name.replace(".timer", ".service") in UNITS for name in timers)


def test_command_line_reads_the_same_files():
    script = (FOLDER / "careerplan-manage").read_text()
    files = re.findall(r"--property=EnvironmentFile=(\S+)", script)
    assert files == SERVICES["careerplan-setup@.service"]["EnvironmentFile"]
    common = read_unit(FOLDER / "careerplan-.service.d" / "common.conf")
    assert f"--uid={common['User'][0]}" in script


PROXY = (ROOT / "deploy" / "nginx" / "careerplan.conf").read_text()


def test_proxy_logs_no_address_with_a_key():
    [pattern] = re.findall(r"^\s+~(\S+) 0;", PROXY, re.MULTILINE)
    logged = [name for name in routes.BY_SIGNED_LINK if not re.search(pattern, address(name))]
    assert logged == []
    assert re.search(pattern, "/account/password/reset/key/a-b-c/")
    assert not re.search(pattern, "/reminders/settings/")


def test_proxy_takes_the_largest_upload(settings):
    [megabytes] = re.findall(r"client_max_body_size (\d+)m;", PROXY)
    assert int(megabytes) << 20 > settings.MAX_UPLOAD_BYTES + FORM_BYTES
