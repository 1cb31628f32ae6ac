"""Tasks of an occupation in an advert: what is near in meaning is found with its words, in bounded work."""

import pytest

from careerplan.reading.task_finder import LIKELY_FROM, MOST_TASKS, find_tasks
from tests.work import grows_in_line

TASKS = ["Wires sockets, switches and lights", "Plans the shifts of the team", "Prices a job and orders the materials"]


def test_tasks_are_found_in_their_order_with_their_words():
    text = "You will:\nOrder materials and price jobs\nBake bread\nWire lights, switches and sockets\n"
    found = find_tasks(text, TASKS)
    assert [(one.task, one.words) for one in found] == [
        (TASKS[0], "Wire lights, switches and sockets"),
        (TASKS[2], "Order materials and price jobs"),
    ]
    assert all(LIKELY_FROM <= one.probability < 1 for one in found)


def test_what_is_not_asked_names_no_task():
    assert find_tasks("Wiring of sockets, switches and lights is not required.", TASKS) == []


@pytest.mark.parametrize("text", ["", "!?", "看護師", "asdf jkl"])
def test_nothing_is_near_to_what_means_nothing(text):
    assert find_tasks(text, TASKS) == []
    assert find_tasks("Wire lights", []) == []


@pytest.mark.parametrize("words", ["wire lights. ", "order materials and ", "- x\n"])
def test_work_grows_in_line_with_the_text(words):
    def run(size):
        return find_tasks((words * size)[: size * 10], TASKS * MOST_TASKS)

    small, large = grows_in_line(run, 500)
    assert large < 2.6 * small
