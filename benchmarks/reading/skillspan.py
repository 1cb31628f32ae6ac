"""The labelled sentences of SkillSpan."""

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

FILE = Path(__file__).parent / "skillspan.zip"
SHA256 = "fe6bb2a95ad1d590618210b92eb9e45c6d6f0105accd207f668d0595abd8a22a"
PARTS = TRAIN, DEV, TEST = "train", "dev", "test"
SOURCES = "tech", "house"
_HIDDEN = re.compile(r"<\w+>")  # names of people and places, taken out by the authors: no advert of ours has such words


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, whether it asks for a skill or knowledge, and where it comes from."""

    text: str
    asks: bool
    source: str


def load(part: str) -> list[Sentence]:
    """Return the sentences of a part. Raises ValueError if the file is not the one that was measured."""
    if sha256(FILE.read_bytes()).hexdigest() != SHA256:
        raise ValueError(f"{FILE.name} has changed")
    return list(_sentences(part))


def _sentences(part: str) -> Iterator[Sentence]:
    with zipfile.ZipFile(FILE) as archive, archive.open(f"skillspan/{part}.json") as lines:
        for line in lines:
            row = json.loads(line)
            words = [word for word in row["tokens"] if not _HIDDEN.fullmatch(word)]
            asks = any(tag != "O" for tag in (*row["tags_skill"], *row["tags_knowledge"]))
            yield Sentence(" ".join(words), asks, row["source"])
