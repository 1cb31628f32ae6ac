"""Render a document: JSON in, PDF out. `python -m careerplan.plan_document.typst_worker`; pdf.py starts it.

It imports only typst, its template and its fonts, so that it starts in a tenth of a second. It limits itself, and
typst's memory is freed with the process.
"""

import json
import resource
import sys
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

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


TEMPLATE = Path(__file__).with_name("plan.typ")
MOST_MEMORY = 3 * 2**30  # bytes of address space: 20 MB of fonts are mapped, the rest is for the document
MOST_SECONDS = 30  # of CPU time, in case the parent process has died


def typeset(given: bytes) -> bytes:
    """Return the PDF of the data from pdf.py. Raises typst.TypstError."""
    text = given.decode()
    data = json.loads(text)
    year, month, day = data["date"]
    template = Path(data.get("template", TEMPLATE))
    compiler = typst.Compiler(template, root=template.parent, font_paths=fonts(), ignore_system_fonts=True)
    how: dict[str, Any] = {
        "format": "pdf",
        "sys_inputs": {"plan": text, "fonts": json.dumps(families_for(text))},
        "timestamp": datetime(year, month, day, tzinfo=UTC),
    }
    try:
        made = compiler.compile(**how, pdf_standards=["ua-1"])
    except typst.TypstError:  # a character in none of the fonts: PDF/UA does not allow its empty box
        made = compiler.compile(**how)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no file")
    return made


def main() -> None:
    """Read from standard input, write to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    sys.stdout.buffer.write(typeset(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
