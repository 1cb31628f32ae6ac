"""Makes somebody with a plan and prints how they sign in: run as a program, uses the application like load.py."""

import json

import django

django.setup()

from tests.factories.accounts import PASSWORD, UserFactory  # noqa: E402
from tests.factories.goals import make_goal  # noqa: E402


def main() -> None:
    """Make one person."""
    user = UserFactory(email="someone@machines.example.org")
    print(json.dumps({"email": user.email, "password": PASSWORD, "plan": make_goal(user).plan_id}))


if __name__ == "__main__":
    main()
