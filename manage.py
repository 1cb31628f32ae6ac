#!/usr/bin/env python
"""Django's command line."""

import os
import sys


def main() -> None:
    """Run the management command named on the command line."""
    if sys.argv[1:] == ["--version"]:
        from careerplan.core.version import version

        sys.stdout.write(f"Careerplan {version()}\n")
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careerplan.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
