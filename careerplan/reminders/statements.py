"""The SQL statements of reminders, assembled from their files (docs/adr/0005). Fixed text: values are parameters."""

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


CREATE_DUE_REMINDERS = _read("create_due_reminders.sql").replace("/*candidates*/", _candidates())
RESCHEDULE_UNSENT_DIGESTS = _read("reschedule_unsent_digests.sql")
VALID_REMINDERS = _read("valid_reminders.sql").replace("/*is_valid*/", _read("is_valid.sql"))
DIGEST_CONTENTS = _read("digest_contents.sql").replace("/*is_valid*/", _read("is_valid.sql"))
ATTENTION = _read("attention.sql").replace("/*is_valid*/", _read("is_valid.sql"))


def for_one(statement: str) -> str:
    """Return RESCHEDULE_UNSENT_DIGESTS for one user, the parameter `only`."""
    return statement.replace("/*only*/", ONLY)
