"""The steps of `make compose-test`: each does what an operator or a visitor does, and says what it saw."""

import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.compose import stand_ins
from tests.compose.any_stack import AnyStack
from tests.compose.stack import Stack
from tests.compose.visitor import SITE, Visitor, sign_in, sign_up, text_of, wait_for

RUTH = "ruth@example.org"
OTHERS = [f"person-{number}@example.org" for number in range(400)]
KEY = "0123456789abcdef0123456789abcdef"
SECRET_PATHS = (f"/r/{KEY}/done/", f"/calendar/feed/{KEY}.ics", f"/reminders/stop/{KEY}/")
TOO_LARGE = 110_000_000
ANSWERED = {200, 403}


class Story:
    """What the steps share: the stack, how another one is made, and a visitor."""

    def __init__(self, make: Callable[..., AnyStack], folder: Path) -> None:
        self.make, self.folder = make, folder
        self.stack = make("first")
        self.ruth = Visitor(folder / "certificates" / "ca.pem")
        self.stacks = [self.stack]

    def tell(self, step: Callable[["Story"], str]) -> None:
        """Do a step and print its seconds and what it saw."""
        started = time.monotonic()
        saw = step(self)
        print(f"{step.__name__:<22}{time.monotonic() - started:7.1f} s  {saw}", flush=True)

    def take(self, name: str, **more: Any) -> AnyStack:
        """Go on with another stack, and stop the one before."""
        self.stack.down()
        self.stack = self.make(name, **more)
        self.stacks.append(self.stack)
        return self.stack

    def end(self) -> None:
        """End all stacks."""
        for stack in self.stacks:
            stack.down()


class Prober:
    """Asks for a page ten times a second while something happens, and counts the answers.

    Every fifth time it sends a form without a token instead, which is answered by 403: proxies do not repeat those.
    """

    def __init__(self, story: Story, path: str = "/account/login/") -> None:
        self._visitor, self._path = Visitor(story.folder / "certificates" / "ca.pem"), path
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.answers: list[tuple[float, int]] = []

    def __enter__(self) -> "Prober":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._end.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._end.wait(0.1):
            started = time.monotonic()
            status = self._visitor.status(self._path, is_form=len(self.answers) % 5 == 4)
            self.answers.append((time.monotonic() - started, status))

    def report(self, *, is_complete: bool = False) -> str:
        """Say how many answers there were, and the slowest. `is_complete`: each has to be one of the site."""
        counts = Counter(status for _seconds, status in self.answers)
        assert not is_complete or {*counts} <= ANSWERED, counts
        said = ", ".join(f"{number} of {status or 'none'}" for status, number in sorted(counts.items()))
        return f"answers meanwhile: {said}; slowest {max(seconds for seconds, _status in self.answers):.1f} s"


def in_containers(story: Story) -> Stack:
    """Return the stack, in steps that containers alone can do."""
    assert isinstance(story.stack, Stack)
    return story.stack


def stand_in_images(story: Story) -> str:
    """Build what a registry would give."""
    engine = in_containers(story).engine
    stand_ins.build_all(engine, story.folder)
    return engine.run("docker", "images", "--format", "{{.Repository}}:{{.Tag}}").replace("\n", " ")


def build(story: Story) -> str:
    """Build the image of Careerplan from its Dockerfile, without network."""
    stack = in_containers(story)
    stack.compose("build", "setup", REVISION="first")
    size = stack.engine.run("docker", "image", "inspect", "-f", "{{.Size}}", "careerplan:0.1.0")
    tools = stack.engine.run("docker", "run", "--rm", "--network", "none", "careerplan:0.1.0", "pg_dump", "--version")
    return f"careerplan:0.1.0, {int(size) // 1_000_000} MB, {tools.strip()}"


def start(story: Story) -> str:
    """Start everything and wait until all of it works."""
    story.stack.up()
    found = story.stack.health(story.ruth)
    return f"/health/ through the proxy with TLS: {found['status']}, version {found['version']}"


def doctor(story: Story) -> str:
    """Let doctor look at everything, the proxy too."""
    lines = story.stack.manage("doctor").splitlines()
    assert lines[-1] == "Nothing to mend.", lines
    return f"{len(lines) - 1} lines, {lines[-1]}"


def join(story: Story) -> str:
    """Sign up through the proxy, with the code of an email that Postfix took over STARTTLS."""
    page = sign_up(story.ruth, RUTH, story.stack.messages)
    assert page.status == 200, page
    assert story.ruth.get("/").url.startswith(SITE)
    assert sign_in_again(story)
    return f"signed up, the code came by email, now at {page.url.removeprefix(SITE)}"


def sign_in_again(story: Story) -> bool:
    """Return whether a new browser can sign in."""
    visitor = Visitor(story.folder / "certificates" / "ca.pem")
    page = sign_in(visitor, RUTH)
    return page.status == 200 and "/login/" not in page.url


def proxy_facts(story: Story) -> str:
    """Headers, sizes and logs of the proxy."""
    plain = Visitor(story.folder / "certificates" / "ca.pem")
    plain.post("/account/login/", b"login=x", **{"X-Forwarded-For": "203.0.113.9"})
    large = plain.post("/account/login/", b"x" * TOO_LARGE)
    assert (large.status, "Content-Security-Policy" in large.headers) == (413, True), (large.status, large.headers)
    for path in SECRET_PATHS:
        plain.get(path)
    story.stack.stop("web")
    statuses = {plain.status(path) for path in SECRET_PATHS}
    assert statuses <= {502, 503}, statuses
    story.stack.go_on("web")
    story.stack.health(story.ruth)
    logs = {name: story.stack.logs(story.stack.services(name)[0]) for name in ("proxy", "web")}
    assert KEY not in logs["proxy"] + logs["web"], "a key is in a log"
    assert "203.0.113.9" not in logs["web"], "an address that a client made up was believed"
    assert "http.log.error" in logs["proxy"], "the proxy wrote no error"
    return "110 MB get Careerplan's own page, no key in a log although web was away, X-Forwarded-For of clients ignored"


def remind(story: Story) -> str:
    """Have a worker send a reminder by itself."""
    before = len(story.stack.messages())
    story.stack.make_people([RUTH])
    message = wait_for(lambda: next((one for one in story.stack.messages()[before:] if one["To"] == RUTH), None))
    return f"from {message['From']}: {message['Subject']}; {len(text_of(message).splitlines())} lines of text"


def scale(story: Story) -> str:
    """Three web services and three workers."""
    with Prober(story) as prober:
        story.stack.up(each=3)
        wait_for(lambda: len(story.stack.services("web")) == 3 and story.stack.health(story.ruth))
        time.sleep(10)  # the others start
        before = {web: story.stack.logs(web).count('"route"') for web in story.stack.services("web")}
        for _request in range(60):
            assert story.ruth.get("/").status == 200
    asked = [story.stack.logs(web).count('"route"') - before[web] for web in before]
    assert min(asked) > 0, asked
    return f"requests of one visitor went to {asked}; {prober.report(is_complete=True)}"


def kill_web(story: Story) -> str:
    """Kill one of three web services."""
    victim = story.stack.services("web")[0]
    with Prober(story) as prober:
        time.sleep(2)
        story.stack.kill(victim)
        wait_for(lambda: story.stack.starts(victim))
        time.sleep(10)
    assert {status for _seconds, status in prober.answers[-20:]} <= ANSWERED
    return f"it was started again; {prober.report()}"


def kill_worker(story: Story) -> str:
    """Kill the worker that sends, of three, in the middle of 400 reminders."""
    stack = story.stack
    workers = stack.services("worker")
    stack.stop("worker")
    opened = {worker: stack.open_rounds(worker) for worker in workers}
    before = stack.mail_count()
    stack.make_people(OTHERS)
    stack.go_on("worker")

    def arrived() -> Counter[str]:
        return Counter(one["To"] for one in stack.messages() if one["To"] in OTHERS)

    def sending() -> str | None:
        return next((one for one in workers if stack.open_rounds(one) > opened[one]), None)

    wait_for(lambda: stack.mail_count() > before + 20, pause=0.05)
    victim = wait_for(sending, pause=0.05)
    stack.kill(victim)
    at_kill = stack.mail_count() - before
    assert at_kill < len(OTHERS), "the worker was through before it was killed: this shows nothing"
    wait_for(lambda: len(arrived()) == len(OTHERS), 300)
    doubles = sum(number - 1 for number in arrived().values())
    assert doubles <= 2, arrived()  # one for each task of the worker that was killed
    return f"killed after about {at_kill}, all {len(OTHERS)} arrived, doubles {doubles}"


def weigh(story: Story) -> str:
    """The memory of each container."""
    return ", ".join(f"{name} {used}" for name, used in sorted(in_containers(story).memory().items()))


def back_up(story: Story) -> str:
    """Back up, check, and copy the backup out."""
    story.stack.manage("backup", story.stack.backups, "--keep", "14")
    name = story.stack.newest_backup()
    story.stack.manage("backup", "--check", name)
    copies = story.folder / "backups"
    shutil.rmtree(copies, ignore_errors=True)
    copies.mkdir()
    story.stack.copy_backups(copies)
    return f"{Path(name).name}, {(copies / Path(name).name).stat().st_size // 1000} kB, checked"


def upgrade(story: Story) -> str:
    """Build the next version and start it, with three of each."""
    with Prober(story) as prober:
        story.stack.upgrade("0.2.0", "second")
        found = wait_for(lambda: _version_of(story, "second"))
    assert sign_in_again(story)
    return f"{found} runs; {prober.report(is_complete=True)}"


def go_back(story: Story) -> str:
    """Start the version before, on the tables of the new one. With containers the agent does it."""
    with Prober(story) as prober:
        story.stack.go_back("0.1.0")
        found = wait_for(lambda: _version_of(story, "first"))
    assert sign_in_again(story)
    return f"{found} runs; {prober.report(is_complete=True)}"


def _version_of(story: Story, revision: str) -> str:
    version = str(story.stack.health(story.ruth)["version"])
    return version if version.endswith(revision) else ""


def restore(story: Story) -> str:
    """Restore into a fresh stack, with other passwords, and send nothing twice."""
    fresh = story.take("fresh")
    fresh.start_servers()
    copies = story.folder / "backups"
    [name] = [path.name for path in copies.glob("*.dump")]
    fresh.bring_backups(copies)
    wait_for(lambda: _is_restored(fresh, f"{fresh.backups}/{name}"))
    fresh.up()
    wait_for(lambda: story.ruth.status("/account/login/") == 200, 240)
    assert story.ruth.status("/health/") == 503  # mails are held
    assert sign_in_again(story)
    fresh.manage("reminders", "go-on")
    fresh.health(story.ruth)
    time.sleep(15)  # three rounds
    again = [message["To"] for message in fresh.messages() if message["Subject"].startswith("Tomorrow")]
    assert again == [], again
    return "signed in with the old password in a fresh stack; after go-on nothing was sent again"


def restore_by_agent(story: Story) -> str:
    """Let the agent restore a backup into the site that runs: whoever came after it is gone, all else works."""
    stack, late = in_containers(story), "late@example.org"
    stack.manage("backup", stack.backups)
    name = stack.newest_backup()
    stack.make_people([late])
    with Prober(story) as prober:
        stack.ask_agent("restore", Path(name).name)
        wait_for(lambda: story.ruth.status("/account/login/") == 200, 240)
    assert sign_in_again(story)
    known = "from accounts.models import User; print(User.objects.filter(email='{}').exists())"
    assert [stack.manage("shell", "-c", known.format(one)).split()[-1] for one in (RUTH, late)] == ["True", "False"]
    stack.manage("reminders", "go-on")
    stack.health(story.ruth)
    return f"{Path(name).name} is back; {prober.report()}"


def _is_restored(stack: AnyStack, name: str) -> bool:
    try:
        return "Restored" in stack.manage("restore", name)
    except RuntimeError as error:
        if "onnect" in str(error) or "role" in str(error):  # the server starts
            return False
        raise


FIRST = (stand_in_images, build, start, join)
IN_NAMESPACES = (
    start, doctor, join, proxy_facts, remind, scale, kill_web, kill_worker, back_up, upgrade, go_back, restore,
)  # fmt: skip
STEPS = (
    stand_in_images, build, start, doctor, join, proxy_facts, remind, scale, kill_web, kill_worker, weigh, back_up,
    upgrade, go_back, restore, restore_by_agent,
)  # fmt: skip
