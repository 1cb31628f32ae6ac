"""The catalogue as a table for matching: who is in it, and when it is read again."""

import pytest

from careerplan.catalogue.models import Occupation, OccupationNeed
from careerplan.catalogue.services import load_shipped_occupations
from careerplan.skills.queries.occupation_table import ranked_occupations
from tests.catalogue.shipped import shipped_occupations
from tests.factories.catalogue import copy_shipped_catalogue
from tests.factories.skills import NOW, make_catalogue, make_occupation

pytestmark = pytest.mark.django_db


@pytest.fixture
def starter():
    """The shipped catalogue."""
    copy_shipped_catalogue()


def test_fewer_than_five_occupations_are_not_ranked():
    ids = [skill.pk for skill in make_catalogue()]
    for number in range(4):
        make_occupation(code=f"13-{number:04}.00", title=f"Occupation {number}", needs=dict.fromkeys(ids, (3, 4)))
    assert ranked_occupations() is None
    make_occupation(code="13-0004.00", title="Occupation 4", needs=dict.fromkeys(ids, (3, 4)))
    assert len(ranked_occupations().facts) == 5


def test_withdrawn_and_unrated_occupations_are_not_ranked():
    ids = [skill.pk for skill in make_catalogue()]
    for number in range(6):
        needs = dict.fromkeys(ids, (3, 4))
        make_occupation(code=f"13-{number:04}.00", title=f"Occupation {number}", needs=needs, is_current=number > 0)
    make_occupation(code="13-0009.00", title="Occupation 9")
    assert [one.title for one in ranked_occupations().facts] == [f"Occupation {number}" for number in range(1, 6)]


def test_the_table_is_read_again_when_the_catalogue_changes(starter):
    before = ranked_occupations()
    assert ranked_occupations() is before
    records = shipped_occupations()
    records[0].title = "Head of everything"
    load_shipped_occupations(records=records, now=NOW.replace(year=2027))
    after = ranked_occupations()
    assert "Head of everything" in [one.title for one in after.facts]


def test_a_figure_that_is_missing_counts_as_the_mean(starter):
    need = OccupationNeed.objects.filter(occupation__title="Electrician", skill__key="reading").get()
    column = ranked_occupations().columns[need.skill_id]
    need.delete()
    Occupation.objects.filter(title="Electrician").update(updated_at=NOW.replace(year=2028))
    table = ranked_occupations()
    others = [row for row, one in enumerate(table.facts) if one.title != "Electrician"]
    row = table.rows[Occupation.objects.get(title="Electrician").pk]
    figures = table.table.figures[:, column]
    assert figures[row] == pytest.approx(figures[others].mean())
