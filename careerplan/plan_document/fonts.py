"""Fonts of the PDF, from packages, so that every machine gives the same pages. Nothing is downloaded.

There are two typefaces (DESIGN.md section 1): Noto Sans for our texts, Noto Serif for the user's. A script without a
serif font uses its sans; emoji are drawn in one colour.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst

PACKAGES = ("manimgx_fonts", "fontpkg_noto_serif", "noto_cjk_sans_otc")
SANS, SERIF = "Noto Sans", "Noto Serif"
# Chinese characters look different in Chinese, Japanese and Korean; the text tells which is meant.
CJK = {"JP": "Noto Sans CJK JP", "KR": "Noto Sans CJK KR", "SC": "Noto Sans CJK SC"}


@cache
def fonts() -> typst.Fonts:
    """Return the fonts, loaded once per process (60 ms)."""
    folders = [str(_folder(name)) for name in PACKAGES]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} holds typefaces of the PDF and is not installed", name=package)
    return Path(spec.origin).parent


@cache
def _other_scripts() -> tuple[str, ...]:
    """Return the families for scripts other than Latin, Greek, Cyrillic and East Asian ones; emoji last."""
    families = {font.family for font in fonts().fonts()} - {SANS, SERIF}
    families = {name for name in families if "CJK" not in name}
    return tuple(sorted(families, key=lambda name: ("Emoji" in name, "Symbols" in name, name)))


def families_for(text: str) -> dict[str, list[str]]:
    """Return the families of each typeface for a document; the first that has a character is used."""
    rest = [*_other_scripts()[:-1], *_east_asian(text), *_other_scripts()[-1:]]
    return {"sans": [SANS, *rest], "serif": [SERIF, *rest]}


def _east_asian(text: str) -> list[str]:
    """Return Japanese first if there is kana, Korean if there is hangul, else Chinese."""
    if any("\u3040" <= sign <= "\u30ff" for sign in text):
        return [CJK["JP"], CJK["KR"], CJK["SC"]]
    if any("\uac00" <= sign <= "\ud7a3" for sign in text):
        return [CJK["KR"], CJK["JP"], CJK["SC"]]
    return [CJK["SC"], CJK["JP"], CJK["KR"]]
