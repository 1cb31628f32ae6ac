"""The ten tasks of an operator, clicked in Chromium through the proxy, with the real agent beside real containers.

The operator has a browser and an editor for the file of the settings, and runs no command. The sources are a clone of a
repository with two tags: the later one has a migration of its own and another agent.
"""

import subprocess
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page, expect, sync_playwright

from tests import operator_tasks
from tests.compose.sources import make_repository
from tests.compose.stack import Stack
from tests.compose.steps import Story, in_containers
from tests.compose.visitor import SITE, text_of, wait_for
from tests.operator_tasks import MOST_SECONDS, OPERATOR, REFUSED, SERVER, Walk
from tests.plugins.browser import ARGUMENTS, find

LATE = "late@example.org"
MAKE_REFUSED = f"""
from django.utils import timezone
from allauth.account.models import EmailAddress
from accounts.models import User
from careerplan.reminders.models import RefusedAddress
now = timezone.now()
user = User.objects.create_user(email={REFUSED!r}, name="Deniz Marlow")
EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
RefusedAddress.objects.create(user=user, address=user.email, refused_on=now.date(), stopped_at=now,
    smtp_response="550 5.1.1 no such user")
"""
FACTS = f"""
from accounts.models import User
from careerplan.operators.models import AuditEntry
print(User.objects.filter(email={LATE!r}).exists(), *AuditEntry.objects.filter(
    action="server_asked").order_by("at").values_list("actor", "details__kind"))
"""


class ContainerWalk(Walk):
    """The same operator, where the site runs in containers."""

    def __init__(self, stack: Stack, page: Page) -> None:
        self.containers, self.page, self.base_url = stack, page, SITE

    def mail_to(self, address: str) -> str:
        """Wait for an email that Postfix took, and return its text."""
        messages = self.containers.messages
        return text_of(wait_for(lambda: next((one for one in messages() if address in str(one["To"])), None)))

    @property
    def secret_key(self) -> str:
        """Return SECRET_KEY as it is in the file."""
        return self.containers.read_settings()["SECRET_KEY"]

    def restart(self, **settings: str) -> None:
        """Change lines of the file in an editor, and restart on the page."""
        self.containers.change_settings(**settings)
        self.ask("Restart with changed settings", "Restart with changed settings")

    def ask(self, link: str, button: str) -> None:
        """Ask the agent for something on the page, and wait until it is done."""
        self.page.goto(SERVER)
        self.page.get_by_role("main").get_by_role("link", name=link).first.click()
        self.confirm_who()
        self.press(button)
        self.confirm_who()
        wait_for(self._is_idle, MOST_SECONDS, pause=2)
        wait_for(lambda: self._ended(link), MOST_SECONDS, pause=2)
        said = self.page.get_by_test_id("ended-job").first
        assert said.get_attribute("data-state") == "done", said.inner_text()

    def confirm_who(self) -> None:
        """Confirm with the passkey where the page asks."""
        self.page.wait_for_load_state()
        if "reauthenticate" in self.page.url:
            self.press("Use")
            self.page.wait_for_url(lambda url: "reauthenticate" not in url)

    def _is_idle(self) -> bool:
        """Ask the database whether the agent has ended.

        Meanwhile Chromium sees networks of Docker come and go and drops answers, also one with a new session in it.
        """
        try:
            return self.containers.open_jobs() == 0
        except RuntimeError:  # a restore replaces the tables
            return False

    def _ended(self, what: str) -> bool:
        """Reload the page, which may not answer while the site is closed. A restored one knows of no job at first."""
        try:
            answer = self.page.goto(SERVER)
        except Error:  # Chromium has seen a network of Docker come or go
            return False
        ended = self.page.get_by_test_id("ended-job")
        is_open = answer is None or not answer.ok or self.page.get_by_test_id("job").count()
        return not is_open and ended.count() > 0 and what in ended.first.inner_text()


def restore(walk: ContainerWalk) -> str:
    """Restore the backup that was made before, and send emails again. Somebody who came after it is gone."""
    walk.ask("Restore careerplan-page-", "Restore a backup")
    walk.press("Send emails again")
    expect(walk.page.get_by_test_id("held")).to_have_count(0)
    walk.page.goto("/operator/audit-log/")
    expect(walk.page.get_by_role("main")).to_contain_text("Asked the server to restore")
    return "the audit log still says who asked"


def upgrade(walk: ContainerWalk) -> str:
    """Upgrade to the next tag."""
    walk.ask("Upgrade to 0.2.0", "Upgrade")
    return walk.page.locator("#version header p").inner_text()


def go_back(walk: ContainerWalk) -> str:
    """Go back to the version before."""
    walk.ask("Go back to 0.1.0", "Go back")
    return walk.page.locator("#version header p").inner_text()


TASKS: tuple[Any, ...] = (*operator_tasks.TASKS, upgrade, go_back, restore)


class Agent:
    """deploy/compose/agent of the clone, as its unit runs it. Use it in a with statement."""

    def __init__(self, stack: Stack, log: Path) -> None:
        self._stack, self.log = stack, log

    def __enter__(self) -> "Agent":
        environment = {**self._stack.engine.environment, **self._stack.script_environment}
        with self.log.open("wb") as file:
            script = self._stack.sources / "deploy/compose/agent"
            self._process = subprocess.Popen([script], env=environment, stdout=file, stderr=file)
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=600)


def ten_tasks(story: Story) -> str:
    """All ten tasks, each timed, none with a command."""
    sources = make_repository(story.folder)
    story.take("tasks", sources=sources)
    stack = in_containers(story)
    stack.change_settings(FIRST_OPERATOR=OPERATOR)
    stack.compose("build", "setup", REVISION="first")
    stack.up()
    stack.health(story.ruth)
    stack.manage("shell", "-c", MAKE_REFUSED)
    with Agent(stack, story.folder / "agent.log") as agent, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS)
        page = browser.new_context(base_url=SITE, ignore_https_errors=True).new_page()
        seconds = [_do(task, ContainerWalk(stack, page), story) for task in TASKS]
        browser.close()
    assert max(seconds) < MOST_SECONDS
    assert "Going on as the agent of these sources." in agent.log.read_text()
    found = stack.manage("shell", "-c", FACTS).splitlines()[-1]
    kinds = ["restart", "restart", "restart", "upgrade", "back", "restore"]
    assert found == " ".join(["False", *(str(("Ines Roth", kind)) for kind in kinds)]), found
    return f"{len(seconds)} tasks, the longest {max(seconds):.0f} s"


def _do(task: Any, walk: ContainerWalk, story: Story) -> float:
    """Do a task, print its seconds and what it saw, and keep a picture of its last page."""
    if task is restore:
        walk.containers.make_people([LATE])
    started = time.monotonic()
    try:
        saw = task(walk)
    finally:
        pictures = story.folder / "pictures"
        pictures.mkdir(exist_ok=True)
        walk.page.screenshot(path=pictures / f"{task.__name__}.png", full_page=True)
    seconds = time.monotonic() - started
    print(f"  {task.__name__:<20}{seconds:7.1f} s  {saw}", flush=True)
    return seconds
