"""What the steps ask of a site, whether it runs in containers or in network namespaces."""

import json
from abc import ABC, abstractmethod
from email.message import Message
from pathlib import Path

from tests.compose.stand_ins import HERE
from tests.compose.visitor import Visitor, wait_for


class AnyStack(ABC):
    """A site with a proxy, web services, workers and servers. `backups`: where its commands find backups."""

    backups: str
    certificates: Path
    version: str

    @abstractmethod
    def up(self, *, each: int = 1) -> None:
        """Set up the database and start everything, with so many web services and workers."""

    @abstractmethod
    def start_servers(self) -> None:
        """Start PostgreSQL, Redis and the mail server alone, with an empty database."""

    @abstractmethod
    def down(self) -> None:
        """End everything. The data stay."""

    @abstractmethod
    def manage(self, *command: str) -> str:
        """Run a management command as the owner. Raises RuntimeError with what it said."""

    @abstractmethod
    def services(self, name: str) -> list[str]:
        """Return the ids of the services of this kind that run."""

    @abstractmethod
    def stop(self, name: str) -> None:
        """Stop the services of this kind."""

    @abstractmethod
    def go_on(self, name: str) -> None:
        """Start again what was stopped."""

    @abstractmethod
    def kill(self, service: str) -> None:
        """Kill a service from outside, as a lack of memory does: it is then started again."""

    @abstractmethod
    def starts(self, service: str) -> int:
        """Return how often a service was started again."""

    @abstractmethod
    def logs(self, service: str) -> str:
        """Return all that a service has written."""

    @abstractmethod
    def messages(self) -> list[Message]:
        """Return the emails that arrived."""

    @abstractmethod
    def mail_count(self) -> int:
        """Return how many emails arrived."""

    @abstractmethod
    def newest_backup(self) -> str:
        """Return the path of the newest backup, as commands name it."""

    @abstractmethod
    def copy_backups(self, folder: Path) -> None:
        """Copy all backups out."""

    @abstractmethod
    def bring_backups(self, folder: Path) -> None:
        """Copy backups in."""

    @abstractmethod
    def upgrade(self, version: str, revision: str) -> None:
        """Change over to another version as an operator does, while people use the site."""

    @abstractmethod
    def go_back(self, version: str) -> None:
        """Change over to the version before, on the tables as they are."""

    def make_people(self, addresses: list[str]) -> None:
        """Give each of them a step that is due tomorrow."""
        self.manage("shell", "-c", f"ADDRESSES = {addresses!r}\n{(HERE / 'make_people.py').read_text()}")

    def open_rounds(self, worker: str) -> int:
        """Return how many rounds of reminders a worker has begun and not ended."""
        lines = [line for line in self.logs(worker).splitlines() if "tasks.send_reminders[" in line]
        return sum(("received" in line) - ("succeeded" in line) for line in lines)

    def health(self, visitor: Visitor) -> dict[str, object]:
        """Wait until everything works, and return what /health/ says."""
        wait_for(lambda: visitor.status("/health/") == 200, 240)
        return dict(json.loads(visitor.get("/health/").text))
