"""The texts that the model of meaning is fitted on, and those that are kept from it to measure it.

From O*NET 29.3 (CC BY 4.0, U.S. Department of Labor; ../shared/data/onet, not in the repository): titles, tasks,
activities and the descriptions of skills. From SkillSpan: the training part, with its spans. From our list: names,
meanings and examples. And the single words of the encoder.

Kept from it: the titles of part 0 (measured once) and part 1 (for choosing), wherever they stand, and the listed other
names of our skills.
"""

import csv
import gzip
import io
import json
import tomllib
import zipfile
import zlib
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.matching.simulated_people import FOLDERS
from benchmarks.reading import skillspan
from careerplan.reading.meaning import LITTLE_WORDS
from careerplan.reading.phrases import PHRASES
from careerplan.reading.vocabulary import HINTS, OTHER_NAMES

CATALOGUE = Path("careerplan/catalogue/data")
PARTS, TEST, DEV = 10, 0, 1
ARCHIVES = "db_29_3_text.zip", "db_29_3_text_more.zip"
PHRASE_WORDS, RUNS_EVERY = 12, 12
"""How long a phrase is at most, and of how many runs of words in tasks one is taken."""
RUNS = Path(__file__).parent / "runs.txt.gz"
NAMED_OTHERWISE = frozenset(OTHER_NAMES)
"""Keys of the skills that have listed other names: fields of knowledge have none."""
Labelled = list[tuple[str, str]]
"""Texts with the key of a skill, or the code of an occupation."""


def part_of(text: str) -> int:
    """Return the part of a text: the same for each spelling in other cases."""
    return zlib.crc32(_plain(text).encode()) % PARTS


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def has_onet() -> bool:
    """Return whether the release is there."""
    return any((folder / ARCHIVES[0]).exists() for folder in FOLDERS)


def read_onet(table: str) -> list[dict[str, str]]:
    """Return the rows of a table of the release. Raises FileNotFoundError without it."""
    for folder in FOLDERS:
        for name in ARCHIVES:
            if (folder / name).exists():
                with zipfile.ZipFile(folder / name) as archive:
                    member = f"db_29_3_text/{table}.txt"
                    if member in archive.namelist():
                        text = io.TextIOWrapper(archive.open(member), "utf-8")
                        return list(csv.DictReader(text, delimiter="\t"))
    raise FileNotFoundError(table)


def titles(parts: Iterable[int]) -> Labelled:
    """Return other titles of O*NET in these parts, with the codes of their occupations."""
    wanted = set(parts)
    rows = read_onet("Alternate Titles")
    return [
        (row["Alternate Title"], row["O*NET-SOC Code"]) for row in rows if part_of(row["Alternate Title"]) in wanted
    ]


def shipped_titles() -> Labelled:
    """Return the titles of the occupations that we ship, without those in the parts that are kept."""
    listed = tomllib.loads((CATALOGUE / "occupations.toml").read_text("utf-8"))
    found = [(text, code) for code, one in listed.items() for text in (one["title"], *one["titles"])]
    return [(text, code) for text, code in found if part_of(text) not in {TEST, DEV}]


def occupations() -> list[tuple[str, str, str]]:
    """Return code, title and description of each occupation."""
    return [(row["O*NET-SOC Code"], row["Title"], row["Description"]) for row in read_onet("Occupation Data")]


def skill_texts(keys: Container[str] | None = None) -> Labelled:
    """Return what a person can read of our skills and fields of knowledge: of each name, meaning, five examples."""
    listed = [skill for skill in _listed() if keys is None or skill["key"] in keys]
    return [(text, one["key"]) for one in listed for text in (one["name"], one["meaning"], *one["examples"])]


def _listed() -> list[dict[str, Any]]:
    files = [tomllib.loads((CATALOGUE / name).read_text("utf-8")) for name in ("skills.toml", "knowledge.toml")]
    return [skill for file in files for group in file["group"] for skill in group["skill"]]


def step_texts(keys: Container[str]) -> Labelled:
    """Return what our list suggests for learning skills: first goals, when they are reached, and first steps."""
    listed = tomllib.loads((CATALOGUE / "first_steps.toml").read_text("utf-8"))
    found: Labelled = []
    for key in (key for key in listed if key in keys):
        goals = [*listed[key].get("goals", []), *listed[key].get("advanced", [])]
        texts = [goal[part] for goal in goals for part in ("title", "done_when") if part in goal]
        texts += [text for group in ("person", "learn", "practice") for text in listed[key].get(group, [])]
        found += [(text, key) for text in texts if "{" not in text]
    return found


def official_texts(keys: Container[str] | None = None) -> Labelled:
    """Return O*NET's names, descriptions and examples of levels of our skills, without what is a listed other name."""
    listed = {one["code"]: one["key"] for one in _listed() if one.get("code") and (keys is None or one["key"] in keys)}
    hidden = {_plain(text) for text, _key in other_names()}
    rows = [
        (text, row["Element ID"])
        for row in read_onet("Content Model Reference")
        for text in (row["Element Name"], row["Description"])
    ]
    rows += [(row["Anchor Description"], row["Element ID"]) for row in read_onet("Level Scale Anchors")]
    return [(text, listed[code]) for text, code in rows if code in listed and _plain(text) not in hidden]


def other_names(half: int | None = None) -> Labelled:
    """Return the listed other names of our skills, hidden in the benchmark, known to the product; or a half of them.

    The half DEV is for choosing, the half TEST is measured.
    """
    found = [(text, key) for key, texts in OTHER_NAMES.items() for text in texts]
    return [one for one in found if half is None or zlib.crc32(one[0].encode()) % 2 == half]


def hints() -> Labelled:
    """Return words that hint at a skill, and everyday phrases without gaps or alternatives."""
    found = [(text, key) for key, texts in HINTS.items() for text in texts]
    phrases = [(text.strip(), key) for key, texts in PHRASES.items() for text in texts.split(",")]
    return found + [(text, key) for text, key in phrases if text and not set("*~/{") & set(text)]


def whole_words(words: Iterable[str]) -> list[str]:
    """Return the words of the encoder that are words, and no parts or signs."""
    return [word for word in words if word.isascii() and word.isalpha() and len(word) > 2]


def unlabelled(words: Iterable[str]) -> list[str]:
    """Return the texts that the vectors are fitted to: each once, without those that are kept from the model."""
    kept = {_plain(text) for text, _key in other_names()}
    found = dict.fromkeys(whole_words(words))
    for text in _sources():
        if _plain(text) not in kept and text.strip():
            found.setdefault(" ".join(text.split()))
    return list(found)


def _sources() -> Iterator[str]:
    yield from (text for text, _code in titles(range(2, PARTS)))
    for _code, title, description in occupations():
        yield from (title, description)
    for table, columns in (
        ("Task Statements", ["Task"]),
        ("DWA Reference", ["DWA Title", "IWA Title"]),
        ("Content Model Reference", ["Element Name", "Description"]),
        ("Level Scale Anchors", ["Anchor Description"]),
    ):
        yield from (row[column] for row in read_onet(table) for column in columns)
    yield from (text for text, _key in skill_texts())
    yield from _adverts()


def phrases(words: Iterable[str]) -> list[str]:
    """Return short texts without labels: spans of adverts, activities, runs of words in them and in tasks, and words.

    Then those of RUNS, which were drawn once from runs of words in all texts here. None of them is a listed other name,
    a hint or an everyday phrase of ours.
    """
    kept = {_plain(text) for text, _key in other_names() + hints()}
    whole = [text for text in _adverts() if len(text.split()) <= PHRASE_WORDS]
    whole += [row[column] for row in read_onet("DWA Reference") for column in ("DWA Title", "IWA Title")]
    whole = list(dict.fromkeys(" ".join(text.split()) for text in whole))
    runs = [run for text in whole for run in _runs(text)]
    tasks = (run for row in read_onet("Task Statements") for run in _runs(row["Task"]))
    runs += [run for run in tasks if zlib.crc32(run.encode()) % RUNS_EVERY == 0]
    drawn = gzip.decompress(RUNS.read_bytes()).decode().split("\n")
    found = dict.fromkeys([*whole, *runs, *whole_words(words), *drawn])
    return [text for text in found if text and _plain(text) not in kept]


def _runs(text: str) -> Iterator[str]:
    """Yield up to three neighbouring words, in all ways."""
    words = _plain(text).split()
    for length in range(1, 4):
        for start in range(len(words) - length + 1):
            run = words[start : start + length]
            if run[0].isalpha() and run[-1].isalpha() and not {run[0], run[-1]} & LITTLE_WORDS:
                yield " ".join(run)


def _adverts() -> Iterator[str]:
    """Yield the sentences of the training part of SkillSpan, and the spans that ask for something."""
    with zipfile.ZipFile(skillspan.FILE) as archive, archive.open(f"skillspan/{skillspan.TRAIN}.json") as lines:
        for line in lines:
            row = json.loads(line)
            yield " ".join(word for word in row["tokens"] if not word.startswith("<"))
            for column in ("tags_skill", "tags_knowledge"):
                yield from _spans(row["tokens"], row[column])


def _spans(words: list[str], tags: list[str]) -> Iterator[str]:
    span: list[str] = []
    for word, tag in zip([*words, ""], [*tags, "O"], strict=True):
        if span and tag[0] in "OB":
            yield " ".join(span)
            span = []
        if tag[0] != "O":
            span.append(word)
