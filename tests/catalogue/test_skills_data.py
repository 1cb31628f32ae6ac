"""The file of skills: every text within its limits, and every mistake in it reported."""

import re
import tomllib
import zipfile
from collections import Counter

import pytest

from careerplan.catalogue.shipped_data import SKILLS, ShippedDataError, read_skills
from tests.each import each

ONET_ELEMENTS = {
    *(f"2.A.1.{letter}" for letter in "abcdef"),
    *(f"2.A.2.{letter}" for letter in "abcd"),
    *(f"2.B.1.{letter}" for letter in "abcdef"),
    "2.B.2.i",
    *(f"2.B.3.{letter}" for letter in "abcdeghjklm"),
    *(f"2.B.4.{letter}" for letter in "egh"),
    *(f"2.B.5.{letter}" for letter in "abcd"),
}
ONET_KNOWLEDGE = {
    *(f"2.C.1.{letter}" for letter in "abcdef"),
    *(f"2.C.2.{letter}" for letter in "ab"),
    *(f"2.C.3.{letter}" for letter in "abcde"),
    *(f"2.C.4.{letter}" for letter in "abcdefg"),
    *(f"2.C.5.{letter}" for letter in "ab"),
    "2.C.6",
    *(f"2.C.7.{letter}" for letter in "abcde"),
    *(f"2.C.8.{letter}" for letter in "ab"),
    *(f"2.C.9.{letter}" for letter in "ab"),
    "2.C.10",
}
GROUPS = read_skills()
ALL_SKILLS = [skill for group in GROUPS for skill in group.skills]
KNOWLEDGE = [skill for group in GROUPS if group.kind == "knowledge" for skill in group.skills]
WORDS_A_MINUTE, SECONDS_A_RATING = 230, 4


def words(*texts):
    return sum(len(text.split()) for text in texts)


def minutes(skills):
    """How long a reader takes who reads name, meaning and the three examples shown, and then rates."""
    read = sum(words(s.name, s.meaning, s.examples[0], s.examples[2], s.examples[4]) for s in skills)
    return read / WORDS_A_MINUTE + len(skills) * SECONDS_A_RATING / 60


def test_the_35_skills_and_33_fields_of_knowledge_of_onet_are_all_there_once():
    codes = [skill.code for skill in ALL_SKILLS if skill.code]
    assert len(codes) == len(set(codes)) == 68
    assert {code for code in codes if code.startswith(("2.A", "2.B"))} == ONET_ELEMENTS
    assert {skill.code for skill in KNOWLEDGE} == ONET_KNOWLEDGE


def test_seventy_eight_skills_of_three_kinds_in_sixteen_groups():
    assert len(ALL_SKILLS) == 78
    assert Counter(group.kind for group in GROUPS for _skill in group.skills) == {
        "work": 29,
        "people": 16,
        "knowledge": 33,
    }
    assert Counter(group.kind for group in GROUPS) == {"work": 6, "people": 3, "knowledge": 7}
    assert max(len(group.skills) for group in GROUPS) <= 7


def test_ten_skills_are_core_and_both_kinds_are_among_them():
    core = Counter(group.kind for group in GROUPS for skill in group.skills if skill.core)
    assert core == {"work": 6, "people": 4}


@each("skill", ALL_SKILLS, called=lambda skill: skill.key)
def test_every_skill_has_its_texts(skill):
    assert 2 <= len(skill.name) <= 30
    assert skill.name[0].isupper()
    assert 10 <= len(skill.meaning) <= 90
    assert skill.meaning.endswith(".")
    assert len(set(skill.examples)) == 5
    for example in skill.examples:
        assert example.startswith("I ")
        assert example.endswith(".")
        assert example.count(".") == 1
        assert 6 <= len(example.split()) <= 14
        assert len(example) <= 85


def test_no_two_skills_share_an_example():
    assert Counter(example for skill in ALL_SKILLS for example in skill.examples).most_common(1)[0][1] == 1


def test_rating_all_skills_takes_less_than_eighteen_minutes():
    """Full mode takes up to 20 minutes, quick mode 8. The rest is for the other stages."""
    assert minutes(ALL_SKILLS) < 18
    assert minutes([skill for skill in ALL_SKILLS if skill.core]) < 2.3


def test_no_text_is_copied_from_onet(shared):
    """No five words in a row of ours stand in O*NET's descriptions or anchors."""
    theirs = set()
    with zipfile.ZipFile(shared / "onet" / "db_29_3_text.zip") as archive:
        for name in ("Content Model Reference.txt", "Level Scale Anchors.txt"):
            theirs |= shingles(archive.read(f"db_29_3_text/{name}").decode())
    ours = {run for skill in ALL_SKILLS for text in (skill.meaning, *skill.examples) for run in shingles(text)}
    assert not ours & theirs


def shingles(text):
    found = re.findall(r"[a-z']+", text.lower())
    return {tuple(found[i : i + 5]) for i in range(len(found) - 4)}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[[group]]", "[[group", "Expected ']]'"),
        ('key = "reading"\n', "", "lacks 'key'"),
        ('key = "reading"', 'key = "writing"', "skill key “writing”"),
        ('name = "Reading"', 'name = "writing"', "name “writing”"),
        ('code = "2.A.1.a"', 'code = "2.A.1.c"', "code “2.A.1.c”"),
        ('key = "reading"', 'key = "Reading it"', "skill “Reading it” needs a key and a name"),
        ('name = "Reading"', 'name = " "', "skill “reading” needs a key and a name"),
        ("Understanding written information.", "x" * 91, "“reading”: the meaning is blank or too long"),
        ("I follow signs, labels and short notes.", "I " * 50, "skill “reading” needs 5 short examples"),
        ('    "I follow signs, labels and short notes.",\n', "", "skill “reading” needs 5 short examples"),
        (
            'key = "writing"\nname = "Writing"\n',
            'key = "w"\nname = "W"\ncore = true\n',
            "Cannot overwrite a value",
        ),
        ('kind = "people"', 'kind = "soft"', "group “talking-listening” needs a key, a name and a kind"),
    ],
)
def test_a_mistake_in_the_file_is_reported(tmp_path, old, new, problem):
    text = SKILLS.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "skills.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ShippedDataError) as caught:
        read_skills(path)
    assert problem in str(caught.value)
    assert str(caught.value).startswith("skills.toml: ")


def test_too_many_in_a_group_and_a_wrong_number_of_core_skills_are_said_together(tmp_path):
    raw = tomllib.loads(SKILLS.read_text(encoding="utf-8"))
    assert len(raw["group"]) == 9
    text = re.sub(
        r'\n\[\[group\]\]\nkey = "words.*?\n(?=\n\[\[group\.skill)', "", SKILLS.read_text("utf-8"), flags=re.S
    )
    path = tmp_path / "skills.toml"
    path.write_text(text.replace("core = true\n", "", 1), encoding="utf-8")
    with pytest.raises(ShippedDataError) as caught:
        read_skills(path)
    core, size = caught.value.problems
    assert core.startswith("9 ")
    assert "“thinking” has 12 skills" in size
