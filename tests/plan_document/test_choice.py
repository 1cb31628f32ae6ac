"""What goes into a document: the address says it, presets have names, and nothing ticked is answered."""

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from careerplan.plan_document.document import EVERYTHING, PRESETS, SHORT, DocumentPart
from careerplan.plan_document.forms import DocumentPartsForm


def form_of(query):
    return DocumentPartsForm(QueryDict(query.lstrip("?")))


def test_the_document_is_the_short_one_until_more_is_chosen():
    form = form_of("")
    assert (form.parts, form.preset, form.query) == (SHORT, "short", "")
    assert form_of("?for=everything").parts == EVERYTHING


def test_manager_preset_has_nothing_private():
    parts = form_of("?for=manager").parts
    assert {DocumentPart.PROFESSIONAL, DocumentPart.STEPS} <= parts
    private = {
        DocumentPart.VISION,
        DocumentPart.PERSONAL,
        DocumentPart.WHY,
        DocumentPart.SKILLS,
        DocumentPart.DONE,
        DocumentPart.CHANGES,
    }
    private |= {DocumentPart.REVIEWS, DocumentPart.OPPORTUNITIES}
    assert not parts & private


@given(st.sets(st.sampled_from(list(DocumentPart)), min_size=1))
def test_query_string_holds_the_parts(parts):
    chosen = form_of("&".join(f"part={part}" for part in parts))
    assert chosen.parts == parts
    assert form_of(chosen.query).parts == parts


def test_parts_of_a_preset_are_the_preset():
    parts = "&".join(f"part={part}" for part in PRESETS["manager"].parts)
    assert form_of(parts).query == "?for=manager"


def test_no_part_is_an_error_and_shows_the_short_document():
    form = form_of("?chosen=1")
    assert form.has_error("part", "required")
    assert form.parts == SHORT


def test_unknown_part_or_preset():
    assert form_of("?part=salary").has_error("part", "invalid_choice")
    assert "part" in form_of("?for=nobody").errors
