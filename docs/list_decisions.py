# ruff: noqa: INP001  (mkdocs loads the file by its path)
"""A hook of mkdocs: lists the decisions below docs/adr on their page."""

from pathlib import Path
from typing import Any


def on_page_markdown(markdown: str, *, page: Any, **_rest: Any) -> str:
    """Add a link to each decision."""
    if page.file.src_uri != "adr/index.md":
        return markdown
    folder = Path(page.file.abs_src_path).parent
    titles = {path.name: path.read_text().splitlines()[0].lstrip("# ") for path in sorted(folder.glob("0*.md"))}
    return markdown + "\n" + "".join(f"- [{title}]({name})\n" for name, title in titles.items())
