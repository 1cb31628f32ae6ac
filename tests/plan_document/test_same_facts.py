"""The page, the PDF and the Word file say the same, whatever it is."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings

from careerplan.plan_document.docx import render_docx
from careerplan.plan_document.pdf import render_pdf
from tests.plan_document.examples import documents, long_document
from tests.plan_document.reading import facts_in, page_of, page_text, pdf_text, word_text


def missing(document) -> dict[str, set[str]]:
    """What each form leaves out."""
    facts = facts_in(document)
    said = {
        "page": page_text(page_of(document)),
        "pdf": pdf_text(render_pdf(document), document),
        "word": word_text(render_docx(document)),
    }
    return {form: {fact for fact in facts if fact not in text} for form, text in said.items()}


NOTHING = {"page": set(), "pdf": set(), "word": set()}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(documents)
def test_page_pdf_and_word_have_the_same_facts(document):
    assert missing(document) == NOTHING


@pytest.mark.parametrize("goals", [1, 14])
def test_long_document_has_the_same_facts_everywhere(goals):
    assert missing(long_document(goals, 9)) == NOTHING


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?for=manager", "?for=mentor", "?part=vision&part=personal&part=done"])
def test_parts_apply_to_page_pdf_and_word(rich_plan, signed_in, query, document_for):
    document = document_for(rich_plan, query)
    answers = {name: signed_in.get(reverse(f"plan_document:{name}", args=[rich_plan.pk]) + query) for name in FORMS}
    facts = facts_in(document)
    everything = facts_in(document_for(rich_plan, ""))
    for name, read in FORMS.items():
        text = read(answers[name].content, document)
        assert {fact for fact in facts if fact not in text} == set()
        left_out = {fact for fact in everything - facts if len(fact) > 12 and not any(fact in said for said in facts)}
        assert {fact for fact in left_out if fact in text} == set()


FORMS = {
    "page": lambda content, document: page_text(content.decode()),
    "pdf": pdf_text,
    "word": lambda content, document: word_text(content),
}
