"""Whether a command of a unit or a manifest exists, with its options."""

import importlib.util

from django.core.management import get_commands, load_command_class


def problem_of(argv: list[str]) -> str:
    """Return what is wrong with a command line, or ""."""
    program, *arguments = argv
    checks = {"python": _python_problem, "celery": _celery_problem, "granian": _granian_problem}
    check = checks.get(program.rpartition("/")[2])
    return check(arguments) if check else f"{program} is no program of ours"


def _python_problem(arguments: list[str]) -> str:
    if arguments[0] == "-m":
        return "" if importlib.util.find_spec(arguments[1]) else f"there is no module {arguments[1]}"
    script, name, *rest = arguments
    if script != "manage.py" or name not in get_commands():
        return f"there is no command {script} {name}"
    app = get_commands()[name]
    command = load_command_class(app, name) if isinstance(app, str) else app
    try:
        command.create_parser("manage.py", name).parse_args(rest)
    except Exception as error:  # noqa: BLE001  (argparse, by way of CommandError)
        return f"{name}: {error}"
    return ""


def _celery_problem(arguments: list[str]) -> str:
    from celery.bin.celery import celery  # half a second for what its shell needs

    name = next(part for part in arguments if part in celery.commands)
    parameters = [*celery.params, *celery.commands[name].params]
    known = {option for parameter in parameters for option in parameter.opts}
    unknown = [part for part in arguments if part.startswith("-") and part not in known]
    return f"celery {name} has no {unknown}" if unknown else ""


def _granian_problem(arguments: list[str]) -> str:
    from granian.cli import cli

    known = {option for parameter in cli.params for option in (*parameter.opts, *parameter.secondary_opts)}
    unknown = [part for part in arguments if part.startswith("-") and part not in known]
    return f"granian has no {unknown}" if unknown else ""
