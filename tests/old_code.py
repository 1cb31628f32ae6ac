"""`make old-code`: an earlier commit and this one run side by side on the tables of this one, as during an upgrade.

Every page that the earlier code knows is opened with it; what one writes the other reads and changes; the earlier
code sends reminders. Without a commit: the newest tag, or the earliest commit whose migrations are all here unchanged.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.browser import Browser, Pacer
from careerplan.local.processes import ROOT, kill_group, wait_until
from careerplan.local.servers import free_port
from careerplan.local.stack import Stack
from tests.plugins.template import ensure_template
from tests.stack_process import StackProcess

MOST_COMMITS = 500
REMINDED = 20
START_SECONDS = 60


def git(*arguments: str) -> str:
    """Run git and return what it says."""
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def migrations_at(commit: str) -> set[str]:
    """Return each migration of a commit with the hash of its content."""
    lines = git("ls-tree", "-r", commit, "--", "accounts", "careerplan").splitlines()
    return {line.split(maxsplit=2)[2] for line in lines if "/migrations/0" in line}


def default_commit() -> str:
    """Return the newest tag before this commit, or the earliest commit whose migrations are all here unchanged."""
    tags = git("tag", "--merged", "HEAD~1", "--sort=-creatordate", "v*").split()
    here, found = migrations_at("HEAD"), "HEAD"
    if tags:
        return tags[0]
    for commit in git("rev-list", f"--max-count={MOST_COMMITS}", "HEAD").split():
        if not migrations_at(commit) <= here:
            break
        found = commit
    return found


class Report:
    """Counts what was tried, and prints what went wrong."""

    def __init__(self) -> None:
        self.passed, self.failed = 0, 0

    def check(self, what: str, *, holds: bool, found: object = "") -> None:
        """Note one thing."""
        self.passed += holds
        self.failed += not holds
        if not holds:
            print(f"FAILED  {what} {found}", flush=True)

    def say(self, what: str) -> None:
        """Print how far it is."""
        print(f"{self.passed:>5} passed, {self.failed} failed: {what}", flush=True)


@contextmanager
def earlier_code(commit: str) -> Iterator[Path]:
    """The sources of a commit in a folder."""
    with TemporaryDirectory(prefix="careerplan-old-") as folder:
        place = Path(folder) / "code"
        git("worktree", "add", "--quiet", "--detach", str(place), commit)
        try:
            yield place
        finally:
            git("worktree", "remove", "--force", str(place))


@contextmanager
def earlier_web(stack: Stack, code: Path, env: dict[str, str]) -> Iterator[int]:
    """The web process of the earlier code, with its own static files; its port."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asginl", "careerplan.asgi:application"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input"], cwd=code, env=env, check=True, capture_output=True
    )
    with (stack.var / "earlier-web.log").open("wb") as log:
        role = {**env, "DATABASE_URL": stack.site.product_env["DATABASE_URL"]}
        process = subprocess.Popen(command, cwd=code, env=role, stdout=log, stderr=log, start_new_session=True)
    try:
        probe = Browser(port, {}, Pacer(1000))
        if not wait_until(lambda: probe.get("/health/web/").status == 200, START_SECONDS):
            raise RuntimeError((stack.var / "earlier-web.log").read_text()[-3000:])
        yield port
    finally:
        kill_group(process.pid)
        process.wait()


def open_pages(report: Report, name: str, browser: Browser, pages: dict[str, str]) -> None:
    """Open every page of one code."""
    for path in pages.values():
        browser.get(path)
        _times, errors = browser.take_results()
        report.check(f"{name}: {path}", holds=not errors, found=errors)
    report.say(f"{len(pages)} pages of the {name} code")


def write_and_read(report: Report, browsers: dict[str, Browser]) -> None:
    """What one writes the other shows and changes, in both directions."""
    for writer, reader in (("earlier", "new"), ("new", "earlier")):
        browser, other = browsers[writer], browsers[reader]
        words = f"Call the {writer} college"
        browser.send(browser.get(f"/goals/steps/add/?line={words.replace(' ', '+')}+next+Friday+2h"), "/steps/add/")
        report.check(f"{reader} shows what {writer} wrote", holds=words.encode() in other.get("/goals/steps/").body)
        other.send(other.get("/goals/steps/"), "/complete/")
        browser.send(browser.get("/reminders/settings/"), "/reminders/settings/")
        browser.send(
            browser.get("/skills/assessment/what-you-can-do/"), "/skills/assessment/", choose=lambda names: names[-1]
        )
        browser.get("/today/")
        for one in (writer, reader):
            _times, errors = browsers[one].take_results()
            report.check(f"{one} after {writer} wrote", holds=not errors, found=errors)
    report.say("each read and changed what the other had written")


def send_with_earlier(report: Report, stack: Stack, code: Path, env: dict[str, str]) -> None:
    """The earlier code sends what the new tables say is due."""
    command = [sys.executable, "manage.py", "send_reminders", "--skip-checks"]
    subprocess.run(command, cwd=code, env=env, check=True, capture_output=True)
    found = {message.to for message in stack.messages() if "reminded" in str(message.to)}
    report.check("earlier worker", holds=len(found) == REMINDED, found=f"sent {len(found)} of {REMINDED}")
    report.say(f"the earlier code sent {len(found)} reminders")


def run(commit: str) -> int:
    """Run both and return the exit code."""
    added = sorted(line.split()[-1] for line in migrations_at("HEAD") - migrations_at(commit))
    behind = git("rev-list", "--count", f"{commit}..HEAD")
    print(f"Earlier code: {git('log', '-1', '--format=%h of %cs, %s', commit)}; {behind} commits behind", flush=True)
    print(f"Migrations since: {', '.join(added) or 'none'}", flush=True)
    report = Report()
    with Stack(template=ensure_template()) as stack, earlier_code(commit) as code:
        stack.prepare()
        env = {**stack.env, "STATIC_ROOT": str(stack.var / "earlier-static")}
        with StackProcess(stack) as new, StackProcess(stack, env=env, root=code) as old:
            ruth = new.call("tests.browser.people.make_ruth_address")
            cookie = new.call("tests.browser.people.session_cookie", email=ruth)
            [person] = new.call("benchmarks.inside.soaking.make_people", count=1)
            pages = {
                name: each.call("tests.browser.every_page.every_page", email=ruth)
                for name, each in (("earlier", old), ("new", new))
            }
            new.call("benchmarks.inside.soaking.make_reminded", count=REMINDED, seconds=20)
            new.call("tests.old_code.make_due")
        stack.start("web")
        with earlier_web(stack, code, env) as port:
            ports = {"earlier": port, "new": stack.port}
            for name, each in ports.items():
                open_pages(report, name, Browser(each, {cookie["name"]: cookie["value"]}, Pacer(1000)), pages[name])
            write_and_read(report, {name: Browser(each, person, Pacer(1000)) for name, each in ports.items()})
            send_with_earlier(report, stack, code, env)
    print(f"{report.passed} passed, {report.failed} failed")
    return int(report.failed > 0)


def make_due() -> None:
    """Let everybody's next look for reminders be now; called in the stack."""
    from careerplan.reminders.models import ReminderSchedule

    ReminderSchedule.objects.update(next_check_at="1970-01-01T00:00Z")


def main() -> int:
    """The command line."""
    commit = sys.argv[1] if len(sys.argv) > 1 else default_commit()
    if git("rev-parse", commit) == git("rev-parse", "HEAD"):
        print("There is no earlier commit whose migrations are all here unchanged. Name one: make old-code ARGS=COMMIT")
        return 2
    return run(commit)


if __name__ == "__main__":
    sys.exit(main())
