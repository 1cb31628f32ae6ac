"""The sentences of the shipped files as readers meet them: British spelling, no slip of the pen, no country's law.

Length, voice, templates and copies of O*NET's statements are tested beside each file and in tests/architecture.
"""

import re

import pytest

from careerplan.catalogue.first_steps import advanced_steps, first_steps
from careerplan.catalogue.shipped_data import read_skills
from tests.catalogue.filled_in import FILLED_IN
from tests.catalogue.shipped import shipped_occupations

TASKS = [task for record in shipped_occupations() for task in record.tasks]
STEPS = [text for found in (*first_steps().values(), *set(advanced_steps().values())) for text in found.steps]
GOALS = [
    text
    for found in first_steps().values()
    for goal in (*found.goals, *found.advanced)
    for text in (goal.title, goal.done_when)
]
EXAMPLES = [text for group in read_skills() for one in group.skills for text in (one.meaning, *one.examples)]
SENTENCES = [*TASKS, *STEPS, *FILLED_IN, *filter(None, GOALS), *EXAMPLES]

AMERICAN = re.compile(
    r"\b(?!prize|size|seize|capsize)\w+iz(e[sd]?|ing|ations?)\b|\b\w*(color|labor(?!a)|harbor|neighbor|flavor|honor|humor"
    r"|behavior|favor)\w*|\b(center|liter|theater)s?\b|\b(gray|license|defense|jewelry|aluminum|plow|diaper|faucet"
    r"|sidewalk|gasoline|vacation|movie|mom|elevator|apartment)s?\b|\bmath\b|\b(travel|cancel|label|model|counsel)(ed|ing|ors?|ers?)\b"
    r"|\b(anesth|pediatr|orthopedi|skeptic)\w*",
    re.IGNORECASE,
)
COUNTRY = re.compile(
    r"\b(Americans?|British|Britain|England|Scottish|Scotland|Wales|Welsh|Irish|Ireland|Germany?|Canadian?|Australian?"
    r"|France|Europe(an)?|federal|Congress|county|Medicare|Medicaid|social security|high school|sixth form"
    r"|dollars?|pounds sterling|euros?|gallons?|inches)\b"
    r"|\b(USA?|UK|EU|OSHA|HIPAA|GDPR|NHS|HMRC|IRS|FDA|EPA|FAA|GCSEs?|NVQs?|BTEC|VAT|DBS|COSHH|RIDDOR|CSCS)\b"
)
SLIPS = re.compile(
    r"\b(\w+) \1\b|\s[,.]|,,|\s{2}|\b[Aa] (?=[aeio]\w)(?!one\b|once\b|eu)|\b[Aa]n (?![aeiouhxFHLMNRSX8]|MOT)"
)


@pytest.mark.parametrize("rule", [AMERICAN, COUNTRY, SLIPS], ids=["American", "a country's", "a slip"])
def test_no_sentence_has(rule):
    assert [text for text in SENTENCES if rule.search(text)] == []


def test_no_two_steps_say_nearly_the_same():
    """Copies with another noun read as a template."""
    words = [frozenset(re.findall(r"[a-z]+", text.lower())) for text in STEPS]
    alike = [
        (STEPS[one], STEPS[other])
        for one in range(len(words))
        for other in range(one)
        if len(words[one] & words[other]) / len(words[one] | words[other]) > 0.6
    ]
    assert alike == []
