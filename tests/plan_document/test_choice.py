"""What goes into a document: the address says it, presets have names, and nothing ticked is answered."""

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from careerplan.plan_document.forms import ChoiceForm
from careerplan.plan_document.parts import EVERYTHING, PRESETS, Part


def form_of(query):
    return ChoiceForm(QueryDict(query.lstrip("?")))


def test_without_a_word_everything_goes_in():
    form = form_of("")
    assert (form.parts, form.preset, form.query) == (EVERYTHING, "everything", "")


def test_a_manager_reads_goals_and_steps_and_nothing_private():
    parts = form_of("?for=manager").parts
    assert {Part.PROFESSIONAL, Part.STEPS} <= parts
    private = {
        Part.VISION,
        Part.PERSONAL,
        Part.WHY,
        Part.STANDING,
        Part.DONE,
        Part.CHANGES,
    }
    private |= {Part.REVIEWS, Part.OPPORTUNITIES}
    assert not parts & private


@given(st.sets(st.sampled_from(list(Part)), min_size=1))
def test_the_address_says_the_choice_whatever_it_is(parts):
    chosen = form_of("&".join(f"part={part}" for part in parts))
    assert chosen.parts == parts
    assert form_of(chosen.query).parts == parts


def test_ticking_what_a_preset_holds_is_the_preset():
    parts = "&".join(f"part={part}" for part in PRESETS["manager"].parts)
    assert form_of(parts).query == "?for=manager"


def test_nothing_ticked_is_asked_about_and_shows_everything():
    form = form_of("?chosen=1")
    assert form.errors["part"] == ["Tick at least one part. Until then everything is shown."]
    assert form.parts == EVERYTHING


def test_an_unknown_part_or_preset_is_answered():
    assert form_of("?part=salary").errors["part"] == ["One of the parts is not known any more. Tick the parts anew."]
    assert "part" in form_of("?for=nobody").errors
