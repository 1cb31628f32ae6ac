"""What a function of settings.MENTORING_EMAILS returns: which email is sent, and with what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class EmailText:
    """`template` is a folder below templates/emails, `context` what its templates get beside the addresses."""

    template: str
    context: Mapping[str, Any]
