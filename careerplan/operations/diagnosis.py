"""One line of what `manage.py doctor` says."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

LABELS = {
    "settings": _("Settings"),
    "database": _("Database"),
    "clock": _("Clock"),
    "role": _("Role in the database"),
    "redis": _("Redis"),
    "mail": _("Mail server"),
    "openid": _("OpenID sign-in"),
    "time zones": _("Time zones"),
    "disk": _("Disk"),
    "static files": _("Static files"),
    "deletions": _("Deleted accounts"),
    "keys": _("Keys"),
    "backups": _("Backups"),
    "operators": _("Operators"),
    "site": _("Site"),
    "proxy": _("Proxy"),
}


@dataclass(frozen=True)
class Diagnosis:
    """What was checked, what was found, and how to mend it ("" where it is well).

    `advice`: nothing is wrong, but more could be had.
    """

    name: str
    found: str
    mend: str = ""
    advice: str = ""

    @property
    def label(self) -> str:
        """Return what pages call it; commands and scripts go by the name."""
        return str(LABELS.get(self.name, self.name))
