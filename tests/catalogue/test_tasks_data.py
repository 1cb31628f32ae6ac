"""The file of tasks: what people do in each shipped occupation, in our own plain words."""

import re
import zipfile
from collections import Counter

import pytest

from careerplan.catalogue.shipped_data import TASKS, ShippedDataError, read_occupations
from tests.catalogue.shipped import shipped_occupations
from tests.each import each

RECORDS = shipped_occupations()
MOST_ALIKE = 0.6


@each("record", RECORDS, called=lambda record: record.code)
def test_every_occupation_has_its_tasks_tools_and_plural(record):
    assert 8 <= len(record.tasks) <= 12
    assert len(set(map(str.lower, record.tasks))) == len(record.tasks)
    for task in record.tasks:
        assert 3 <= len(task.split()) <= 14, task
        assert len(task) <= 95, task
        assert task[0].isupper(), task
        assert not task.endswith((".", ",", ";", ":")), task
        assert task == " ".join(task.split()), task
    assert record.plural
    assert record.plural == record.plural.strip()
    assert 4 <= len(record.tools) <= 8
    assert all(0 < len(tool) <= 60 for tool in record.tools)
    assert len(set(map(str.lower, record.tools))) == len(record.tools)


def test_no_task_is_that_of_many_occupations():
    often = Counter(task.lower() for record in RECORDS for task in record.tasks)
    assert often.most_common(1)[0][1] <= 3


def test_no_two_occupations_have_the_same_plural():
    assert Counter(record.plural for record in RECORDS).most_common(1)[0][1] == 1


def test_some_occupations_need_a_licence_and_most_do_not():
    licensed = {record.title for record in RECORDS if record.needs_licence}
    assert {"Registered nurse", "Electrician"} <= licensed
    assert 0 < len(licensed) < len(RECORDS) / 2


def words(text):
    return set(re.findall(r"[a-z0-9']+", text.lower()))


def test_no_task_is_a_statement_of_onet(shared):
    """Tasks say the same facts in words of our own."""
    statements = [words(text) for text in _statements(shared)]
    assert len(statements) > 10_000
    places = {}
    for place, statement in enumerate(statements):
        for word in statement:
            places.setdefault(word, set()).add(place)
    for record in RECORDS:
        for task in record.tasks:
            mine = words(task)
            # A statement so much alike has at least one of any that many of the words; the rarest leave the fewest.
            rarest = sorted(mine, key=lambda word: len(places.get(word, ())))[: int((1 - MOST_ALIKE) * len(mine)) + 1]
            for place in set().union(*(places.get(word, ()) for word in rarest)):
                theirs = statements[place]
                assert len(mine & theirs) / len(mine | theirs) <= MOST_ALIKE, (record.code, task, theirs)


def _statements(shared):
    with zipfile.ZipFile(shared / "onet" / "db_29_3_text_more.zip") as archive:
        lines = archive.read("db_29_3_text/Task Statements.txt").decode().splitlines()
    column = lines[0].split("\t").index("Task")
    return [line.split("\t")[column] for line in lines[1:]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('["11-1011.00"]', '["11-1011.99"]'),
        ('"Answers to the board when results are poor"', f'"{"x" * 96}"'),
        ('"Answers to the board when results are poor"', '" "'),
        (
            '"Answers to the board when results are poor"',
            '"Sets the direction of the organisation for the next 3 to 5 years"',
        ),
    ],
)
def test_a_mistake_in_the_file_is_reported(tmp_path, old, new):
    text = TASKS.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "tasks.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ShippedDataError) as caught:
        read_occupations(tasks=path)
    (problem,) = caught.value.problems
    assert problem.startswith("11-1011.")
