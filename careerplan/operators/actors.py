"""Who acts: an operator on a page, somebody at the server with a command, or the product itself."""

import getpass
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class Actor:
    """The name that the audit log shows, and the account if it has one."""

    name: str
    user: User | None = None


def operator(user: User) -> Actor:
    return Actor(str(user), user)


def at_the_server() -> Actor:
    """Return whoever runs a command: the name with which they are signed in at the server."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        name = "unknown"
    return Actor(f"{name} (command)")


SYSTEM = Actor("Careerplan")
