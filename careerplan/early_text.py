"""Sentences for operators before Django is set up: its own translations need the settings that are being checked.

They come from the same files in locale/. LANGUAGE or LANG says which language, as with any command.
"""

import gettext
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"

_ = gettext.translation("django", LOCALE, fallback=True).gettext
