"""The SQL statements of reminders, put together from their files (docs/adr/0005). Fixed text: values are parameters."""

from importlib.resources import files

HERE = files("careerplan.reminders")
ONLY = "AND person.id = %(only)s"


def _read(name: str) -> str:
    return HERE.joinpath(name).read_text(encoding="utf-8").rstrip("\n")


def _candidates() -> str:
    # goal_due names the columns.
    names = sorted(path.name for path in HERE.joinpath("candidates").iterdir() if path.name.endswith(".sql"))
    names.sort(key=lambda name: name != "goal_due.sql")
    return "\n    UNION ALL\n".join(_read(f"candidates/{name}") for name in names)


OWED = _read("owed.sql").replace("/*candidates*/", _candidates())
BRING_FORWARD = _read("bring_forward.sql")
STILL_SO = _read("still_so.sql").replace("/*is_so*/", _read("is_so.sql"))
STILL_OWED = _read("still_owed.sql").replace("/*is_so*/", _read("is_so.sql"))
ATTENTION = _read("attention.sql").replace("/*is_so*/", _read("is_so.sql"))


def for_one(statement: str) -> str:
    """BRING_FORWARD about one person only, the parameter `only`."""
    return statement.replace("/*only*/", ONLY)
