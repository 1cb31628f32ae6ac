"""People who answer as workers of an occupation would: the noise model of docs/fit.md, in two settings.

Everything is drawn from one numpy generator with a fixed seed, every occupation once as the truth.
"""

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from careerplan.matching.levels import ItemKind, level_of
from careerplan.matching.occupations import OccupationTable

FOLDERS = (Path("../shared/data/onet"), Path("../../shared/data/onet"))
ARCHIVE = "db_29_3_text.zip"
SD_AT = np.arange(0.25, 7, 0.5)
SD_OF_LEVEL = np.array([1.04, 1.60, 2.12, 2.37, 2.43, 2.32, 2.28, 2.06, 1.87, 1.78, 1.73, 1.46, 1.23, 1.20])
"""Spread between workers of one occupation by its mean level: standard error * sqrt(N) of O*NET's knowledge ratings."""
ANALYSTS = 0.68
"""Skills are rated by analysts; their spread makes one rater of skills as reliable as one of knowledge."""


@dataclass(frozen=True)
class Setting:
    """How people answer: how far they are from their occupation, and what they share."""

    name: str
    spread: float
    bias: float
    stretch: float
    shared: float
    interests: float
    seeds: tuple[int, ...]


PESSIMISTIC = Setting("pessimistic", 1.0, 0.84, 0.2, 1 / 3, 1.8, (101, 111))
OPTIMISTIC = Setting("optimistic", 0.7, 0.56, 0.1, 0.0, 1.2, (102, 112))
NOT_SURE = 0.05


@dataclass(frozen=True)
class Release:
    """The rated occupations of a release: figures, what each item is, and what is known of each occupation."""

    codes: list[str]
    table: OccupationTable
    elements: list[str]
    zones: np.ndarray
    related: list[list[int]]  # rows of the primary related occupations
    importance: np.ndarray  # 1 to 5; of skills and knowledge, 0 for interests


def find_archive() -> Path | None:
    """Return the archive of the release where the shared data is there."""
    return next((folder / ARCHIVE for folder in FOLDERS if (folder / ARCHIVE).is_file()), None)


def read_release(archive: Path) -> Release:
    """Return the occupations with figures for every skill, field of knowledge and interest."""
    with zipfile.ZipFile(archive) as file:
        names = {Path(name).name: name for name in file.namelist()}

        def rows(name: str) -> list[dict[str, str]]:
            text = io.TextIOWrapper(file.open(names[name]), encoding="utf-8", newline="")
            return list(csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE))

        figures: dict[str, dict[str, float]] = {}
        importance: dict[str, dict[str, float]] = {}
        kinds: dict[str, ItemKind] = {}
        for name, kind in (("Skills.txt", ItemKind.SKILL), ("Knowledge.txt", ItemKind.KNOWLEDGE)):
            for row in rows(name):
                code, element = row["O*NET-SOC Code"], row["Element ID"]
                kinds[element] = kind
                if row["Scale ID"] == "LV":
                    level = 0.0 if row["Not Relevant"] == "Y" else float(row["Data Value"])
                    figures.setdefault(code, {})[element] = level
                else:
                    importance.setdefault(code, {})[element] = float(row["Data Value"])
        for row in rows("Interests.txt"):
            if row["Scale ID"] == "OI":
                kinds[row["Element ID"]] = ItemKind.INTEREST
                figures.setdefault(row["O*NET-SOC Code"], {})[row["Element ID"]] = float(row["Data Value"])
        zones = {row["O*NET-SOC Code"]: int(row["Job Zone"]) for row in rows("Job Zones.txt")}
        pairs = [
            (row["O*NET-SOC Code"], row["Related O*NET-SOC Code"])
            for row in rows("Related Occupations.txt")
            if row["Relatedness Tier"].startswith("Primary")
        ]
    elements = list(kinds)
    codes = sorted(code for code, levels in figures.items() if len(levels) == len(elements))
    row_of = {code: number for number, code in enumerate(codes)}
    related: list[list[int]] = [[] for _ in codes]
    for one, other in pairs:
        if one in row_of and other in row_of:
            related[row_of[one]].append(row_of[other])
    values = np.array([[figures[code][element] for element in elements] for code in codes])
    weights = np.array([[importance[code].get(element, 0.0) for element in elements] for code in codes])
    table = OccupationTable.of(values, [kinds[element] for element in elements])
    return Release(codes, table, elements, np.array([zones.get(code, 0) for code in codes]), related, weights)


def answers_of_everybody(table: OccupationTable, setting: Setting, seed: int) -> np.ndarray:
    """Return an answer for each occupation and item: a level, or -1 for "not sure"."""
    chance = np.random.default_rng(seed)
    figures, ability = table.figures, table.is_ability
    people = len(figures)
    spreads = np.interp(figures, SD_AT, SD_OF_LEVEL)
    spreads[:, [kind is ItemKind.SKILL for kind in table.kinds]] *= ANALYSTS
    own = chance.standard_normal(figures.shape)
    shared = chance.standard_normal((people, table.factors.shape[1])) @ table.factors.T
    noise = np.sqrt(1 - setting.shared) * own + np.sqrt(setting.shared) * shared
    latent = (figures + spreads * setting.spread * noise)[:, ability]
    mean = latent.mean(axis=1, keepdims=True)
    stretch = np.exp(chance.normal(0, setting.stretch, (people, 1)))
    latent = mean + (latent - mean) * stretch + chance.normal(0, setting.bias, (people, 1))
    answers = np.zeros(figures.shape, dtype=int)
    kinds = np.array(table.kinds)
    answers[:, ability] = as_levels(latent, kinds[ability])
    liked = figures[:, ~ability] + chance.normal(0, setting.interests, (people, (~ability).sum()))
    liked += chance.normal(0, 1.5, liked.shape) + chance.normal(0, 0.7, (people, 1))
    answers[:, ~ability] = np.clip(np.rint(liked), 1, 7)
    answers[chance.random(answers.shape) < NOT_SURE] = -1
    return answers


def as_levels(latent: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """Return latent levels (0 to 7) in words, 0 to 5."""
    clipped = np.clip(latent, 0, 7)
    return np.array([[level_of(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in clipped])
