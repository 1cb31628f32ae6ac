"""deploy/compose/agent: does three things, each with what it finds itself, whatever the database asks for."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from careerplan.operations.management.commands.restore import UNCHANGED
from tests.deploy.units import ROOT

NAME = "careerplan-20270301T023000Z.dump"
MANAGE = "compose run --rm -T --no-deps setup python manage.py"
START, STOP = "compose start web worker beat", "compose stop web worker beat"
UPGRADE = '#!/bin/sh\necho "upgrade script $*" >> done\n'


@pytest.fixture
def closed(tmp_path):
    """Return the file by which the agent knows that a restore has closed the site."""
    return tmp_path / "sources/var/agent.closed"


def commit(sources, *more):
    """Commit everything, then run other commands of git."""
    for command in ("add .", "commit -q -m some", *more):
        name = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", *name, *command.split()], cwd=sources, check=True, capture_output=True)


@pytest.fixture
def agent(tmp_path, docker):
    """Run the agent once in sources of its own, where the database asks for `job`; return what it did and its SQL."""
    sources = tmp_path / "sources"
    (sources / "deploy/compose").mkdir(parents=True)
    (sources / "careerplan/core").mkdir(parents=True)
    shutil.copy(ROOT / "deploy/compose/agent", sources / "deploy/compose/agent")
    (sources / "deploy/compose/upgrade").write_text(UPGRADE)
    (sources / "deploy/compose/upgrade").chmod(0o755)
    (sources / "careerplan/core/version.py").write_text('NUMBER = "0.1.0"\n')
    (sources / ".gitignore").write_text("var\ndone\n")
    (sources / ".env").write_text("")
    subprocess.run(["git", "init", "-q"], cwd=sources, check=True)
    commit(sources, "tag v0.1.0", "tag v0.2.0", "tag v0.10.0", "tag vx")
    state = tmp_path / "state.json"
    (tmp_path / "docker").write_text(docker)
    (tmp_path / "docker").chmod(0o755)

    def run(job, *options, **more):
        state.write_text(json.dumps({"containers": {}, "done": [], "made": 0, "fewest": 0, "sql": [], "job": job}))
        environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "FAKE_DOCKER": str(state), **more}
        command = [sources / "deploy/compose/agent", *(options or ["--once"])]
        subprocess.run(command, env=environment, capture_output=True, check=True, start_new_session=True, timeout=60)
        found, scripts = json.loads(state.read_text()), sources / "done"
        done = [line for line in found["done"] if "exec" not in line and "images" not in line and "version" not in line]
        done += scripts.read_text().splitlines() if scripts.exists() else []
        return done, found["sql"]

    return run


def test_a_restore_checks_backs_up_and_closes_the_site_meanwhile(agent):
    before = datetime.now(UTC).replace(microsecond=0)
    done, sql = agent(f"7 restore {NAME}")
    marks = done.pop(4)
    assert done == [
        f"{MANAGE} backup --check /srv/backups/{NAME}",
        STOP,
        f"{MANAGE} backup /srv/backups",
        f"{MANAGE} restore --replace /srv/backups/{NAME}",
        START,
    ]
    command, _, stopped_at = marks.rpartition(" ")
    assert command == f"{MANAGE} after_restore --sent-until"
    assert before <= datetime.fromisoformat(stopped_at) <= datetime.now(UTC)
    assert any("up=0.2.0" in line and "back=0.0.9" in line for line in sql)
    assert "state=done" in sql[-1]


@pytest.mark.parametrize(("fails", "steps"), [("backup /srv", 4), ("restore --replace", 5), ("after_restore", 6)])
def test_a_step_of_a_restore_that_fails_opens_the_site_again_and_says_why(agent, fails, steps):
    done, sql = agent(f"7 restore {NAME}", FAILS=fails, FAILS_WITH=str(UNCHANGED))
    assert (done[-1], len(done)) == (START, steps)
    assert "state=failed" in sql[-1]
    assert "said=it is broken" in sql[-1]
    assert agent("")[0] == []


def test_a_restore_that_has_replaced_the_tables_and_did_not_end_leaves_the_site_closed(agent):
    done, sql = agent(f"7 restore {NAME}", FAILS="restore --replace")
    assert START not in done
    assert "The site stays closed" in sql[-1]
    assert agent("")[0] == []


def test_a_site_that_cannot_be_opened_is_opened_the_next_time(agent):
    assert "state=failed" in agent(f"7 restore {NAME}", FAILS="compose start")[1][-1]
    done, sql = agent("")
    assert done == [START]
    assert not any("state=failed" in line for line in sql)  # it is told once
    assert agent("")[0] == []


def test_an_agent_that_is_asked_to_end_ends_a_restore_first(agent):
    done, sql = agent(f"7 restore {NAME}", "", ENDS="restore --replace")
    assert done[-1] == START
    assert "state=done" in sql[-1]
    assert "KillMode=mixed" in (ROOT / "deploy/compose/careerplan-agent.service").read_text()


def test_a_backup_that_is_not_whole_changes_nothing(agent):
    done, sql = agent(f"7 restore {NAME}", FAILS="--check")
    assert len(done) == 1
    assert "state=failed" in sql[-1]


def test_an_agent_that_was_ended_in_a_restore_opens_the_site_when_it_can(agent, closed):
    closed.parent.mkdir()
    closed.write_text(f"7\n{NAME}\nInes Roth\n")
    assert agent(f"8 restore {NAME}", FAILS="compose start")[1] == []
    done, sql = agent("", FAILS="compose exec")  # Docker runs, PostgreSQL does not yet
    assert (done, sql) == ([START], [])
    done, sql = agent("")
    assert done == [START]
    assert all(part in sql[0] for part in (f"target={NAME}", "who=Ines Roth", "said=The agent was interrupted."))
    assert "said = 'The agent was interrupted.'" in sql[1]  # an upgrade
    assert agent("")[0] == []


@pytest.mark.parametrize(
    ("job", "command"), [("7 upgrade 0.2.0", "upgrade script "), ("7 back 0.0.9", "upgrade script --back 0.0.9")]
)
def test_versions_are_changed_by_the_script(agent, job, command):
    done, sql = agent(job)
    assert done == [command]
    assert "state=done" in sql[-1]


def test_a_restart_checks_the_settings_first_and_names_what_is_wrong(agent):
    doctor, job = f"{MANAGE} doctor --before-start", "7 restart settings"
    done, sql = agent(job, FAILS="doctor", SAYING="ok   disk\nMEND mail  refuses -> Correct EMAIL_URL.")
    assert (done, "said=MEND mail  refuses -> Correct EMAIL_URL." in sql[-1]) == ([doctor], True)
    cannot = "Careerplan cannot start. BASE_URL must start with https://."
    sql = agent(job, FAILS="doctor", SAYING=f"x.ImproperlyConfigured: {cannot}")[1]
    assert f"said={cannot}" in sql[-1]
    done, sql = agent(job)
    assert done == [doctor, "upgrade script --back 0.1.0"]
    assert "state=done" in sql[-1]


def test_after_an_upgrade_the_agent_of_that_version_goes_on(agent, tmp_path):
    script = tmp_path / "sources/deploy/compose/agent"
    lines = '    cd "$(dirname "$0")"; echo "$0 of the next version" > ../../done; exit 0'
    newer = script.read_text().replace("main() {", f"main() {{\n{lines}")
    upgrade = tmp_path / "sources/deploy/compose/upgrade"
    upgrade.write_text(f"#!/bin/sh\ncat > deploy/compose/agent <<'END'\n{newer}END\n")
    commit(tmp_path / "sources", "tag -f v0.2.0")
    assert agent("7 upgrade 0.2.0", "", AGENT_SECONDS="30")[0] == ["deploy/compose/agent of the next version"]


def test_it_goes_back_only_once(agent, tmp_path):
    """The image of 0.0.8 is there, and the tables are not fit for it."""
    env = tmp_path / "sources/.env"
    env.write_text("CAREERPLAN_VERSION=0.0.9\n")
    done, sql = agent("7 back 0.0.8")
    assert done == []
    assert "up=0.1.0 " in sql[1]
    assert sql[1].endswith("back=")
    env.write_text("CAREERPLAN_VERSION=0.1.1\n")  # upgrade --as
    assert agent("")[1][1].endswith("back=0.1.0")


def test_an_upgrade_that_fails_is_back_on_its_branch_and_knows_what_runs(agent, tmp_path):
    sources = tmp_path / "sources"
    branch = ["git", "symbolic-ref", "HEAD"]
    before = subprocess.check_output(branch, cwd=sources)
    script = sources / "deploy/compose/upgrade"
    script.write_text("#!/bin/sh\nexit 1\n")
    script.chmod(0o755)
    commit(sources, "tag -f v0.2.0")
    assert "state=failed" in agent("7 upgrade 0.2.0")[1][-1]
    assert subprocess.check_output(branch, cwd=sources) == before
    assert "CAREERPLAN_VERSION=0.1.0\n" in (sources / ".env").read_text()


@pytest.mark.parametrize(
    "job",
    [
        "7 restore ../etc/careerplan-1.dump", "7 restore careerplan-1.dump;reboot", "7 restore --replace",
        "7 restore $(reboot).dump", "7 restore ", "7 upgrade 0.10.0", "7 upgrade", "7 back 0.0.8", "7 back --as",
        "7 upgrade main", "7 shell id", "7 restore careerplan-1.dump careerplan-2.dump",
    ],
)  # fmt: skip
def test_nothing_else_is_done(agent, job):
    done, sql = agent(job)
    assert done == []
    assert "state=failed" in sql[-1]


def test_nothing_is_done_where_nothing_was_asked_for(agent, tmp_path):
    subprocess.run(["git", "remote", "add", "origin", tmp_path / "away"], cwd=tmp_path / "sources", check=True)
    done, sql = agent("")
    assert (done, len(sql)) == ([], 5)
    assert "failed=true" in sql[2]  # the page says that nobody could look for versions
