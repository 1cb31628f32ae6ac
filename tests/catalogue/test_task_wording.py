"""Tasks as instructions: in the shipped words, and in those of a release."""

import pytest

from careerplan.catalogue.shipped_data import read_occupations
from careerplan.catalogue.task_wording import imperative


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("Plans shifts so that every place is covered", "Plan shifts so that every place is covered"),
        ("Watches what customers do", "Watch what customers do"),
        ("Carries stock", "Carry stock"),
        ("Assesses risks", "Assess risks"),
        ("Fixes boards and tapes the joints", "Fix boards and tape the joints"),
        ("Goes to meetings", "Go to meetings"),
        ("Has the last word", "Have the last word"),
        ("Direct or coordinate activities.", "Direct or coordinate activities"),
        ("Assess the needs of patients.", "Assess the needs of patients"),
        ("Washes, cuts and dries hair", ""),
        ("Reads plans and reports", ""),
        ("Leads the staff and trains newcomers", ""),
        ("Plans the yearly budget and answers for it", "Plan the yearly budget and answer for it"),
        ("Cleans ovens and mixers and keeps allergens apart", "Clean ovens and mixers and keep allergens apart"),
        ("Records defects and parts for each vehicle", "Record defects and parts for each vehicle"),
        ("Arms and cross-checks the doors", "Arm and cross-check the doors"),
        ("Assists when a patient faints or reacts badly", ""),
    ],
)
def test_a_task_becomes_an_instruction_only_if_that_is_safe(task, said):
    assert imperative(task) == said


def test_most_shipped_tasks_become_instructions_without_a_verb_left_over():
    tasks = [task for record in read_occupations() for task in record.tasks]
    said = [text for text in map(imperative, tasks) if text]
    assert len(said) > 0.9 * len(tasks)
    assert [text for text in said if text.split()[0].endswith("s") and not text.split()[0].endswith("ss")] == []
