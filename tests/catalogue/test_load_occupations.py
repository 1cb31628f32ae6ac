"""manage.py load_occupations: a whole release into the catalogue, again and again, and never half of one."""

import time
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from careerplan.catalogue.models import Occupation, OccupationNeed, OccupationTitle, Skill
from careerplan.catalogue.queries import sources_in_use
from careerplan.catalogue.shipped_data import read_occupation_texts
from tests.catalogue.conftest import numbers_in
from tests.catalogue.releases import ESSENTIAL, TRANSFERABLE, as_folder, as_zip, files, later_files, ratings
from tests.catalogue.test_load_catalogue import snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(tmp_path):
    """A small release as a zip."""
    return as_zip(tmp_path / "small.zip", files())


def load(path, **options):
    call_command("load_occupations", str(path), verbosity=0, **options)


def test_a_release_fills_an_empty_catalogue(small, capsys):
    call_command("load_occupations", str(small))
    last_line = capsys.readouterr().out.splitlines()[-1].split(" s  ")[1]
    assert numbers_in(last_line) == [3, 0, 0, 4, 0, 136, 2, 3]
    nurse = Occupation.objects.get(code="29-1141.00")
    assert (nurse.title, nurse.is_rated, nurse.source, nurse.release) == (
        "Registered Nurses",
        True,
        "onet-29.3",
        "29.3",
    )
    reading = nurse.needs.get(skill__key="reading")
    assert (reading.figure, reading.level) == (Decimal("3.50"), 3)
    assert Skill.objects.catalogue().count() == 78
    assert list(nurse.interests) == [Decimal(f"{number}.5") for number in range(1, 7)]
    assert [(one.related.code, one.is_primary) for one in nurse.relations.all()] == [("11-1011.00", True)]
    assert [task.text for task in nurse.tasks.all()] == [
        "Record patients' vital signs",
        "Give medicine and watch how it works",
    ]


def test_loading_it_again_changes_nothing(small, capsys):
    load(small)
    before = snapshot()
    call_command("load_occupations", str(small))
    last_line = capsys.readouterr().out.splitlines()[-1].split(" s  ")[1]
    assert numbers_in(last_line) == [0, 0, 0, 0, 0, 0, 2, 3]
    assert snapshot() == before


@pytest.mark.parametrize(
    "missing", ["Knowledge.txt", "Interests.txt", "Related Occupations.txt", "Task Statements.txt"]
)
def test_what_a_missing_file_would_say_stays(small, tmp_path, missing):
    load(small)
    before = snapshot()
    fewer = {name: text for name, text in files().items() if name != missing}
    load(as_zip(tmp_path / "fewer.zip", fewer))
    assert snapshot() == before


def test_unrated_occupation_stays_unrated(small):
    load(small)
    manager = Occupation.objects.get(code="13-1082.00")
    assert (manager.is_rated, manager.source, manager.needs.count()) == (False, "", 0)


def test_a_later_release_updates_in_place(small, tmp_path):
    load(small)
    before = dict(Occupation.objects.values_list("code", "pk"))
    texts = later_files()
    texts["Essential Skills.txt"] = texts["Essential Skills.txt"].replace("LV\t3.50", "LV\t7.00")
    texts["Alternate Titles.txt"] = texts["Alternate Titles.txt"].replace("Flight Nurse", "Air Nurse")
    texts["Occupation Data.txt"] = texts["Occupation Data.txt"].replace("Registered Nurses", "Nurses")
    load(as_folder(tmp_path / "later", texts))
    assert dict(Occupation.objects.values_list("code", "pk")) == before
    nurse = Occupation.objects.get(code="29-1141.00")
    assert (nurse.title, nurse.release, nurse.source) == ("Nurses", "30.3", "onet-30.3")
    assert nurse.needs.get(skill__key="reading").level == 5
    assert nurse.needs.get(skill__key="programming").level == 3
    assert sorted(nurse.other_titles.values_list("title", flat=True)) == [
        "Air Nurse",
        "Staff Nurse",
        "flight nurse",
    ]
    assert [source.key for source in sources_in_use()] == ["onet-30.3"]


def test_an_occupation_that_a_release_drops_stays_but_is_not_on_offer(small, tmp_path):
    load(small)
    texts = files()
    texts = {name: text.replace("13-1082.00", "13-1083.00") for name, text in texts.items()}
    load(as_folder(tmp_path / "later", texts))
    assert Occupation.objects.get(code="13-1082.00").is_current is False
    assert set(Occupation.objects.current().values_list("code", flat=True)) == {
        "11-1011.00",
        "29-1141.00",
        "13-1083.00",
    }
    load(small)
    assert Occupation.objects.get(code="13-1082.00").is_current is True


def test_our_titles_and_texts_stay_and_the_figures_are_the_releases(starter, small):
    load(small, may_lose=True)
    nurse = Occupation.objects.get(code="29-1141.00")
    assert (nurse.title, nurse.is_starter, nurse.release) == ("Registered nurse", True, "29.3")
    assert nurse.description == read_occupation_texts()["29-1141.00"].description
    assert nurse.needs.get(skill__key="reading").figure == Decimal("3.50")
    tasks = [task.text for task in nurse.tasks.all()]
    assert len(tasks) >= 8
    assert "Record patients' vital signs" not in tasks
    titles = dict(nurse.other_titles.values_list("title", "is_curated"))
    assert titles["Staff nurse"] is True
    assert "Staff Nurse" not in titles
    assert titles["Flight Nurse"] is False
    assert titles["Registered Nurses"] is False
    assert Occupation.objects.current().count() == 257


def test_a_shipped_occupation_that_the_release_does_not_rate_keeps_its_figures(starter, tmp_path):
    texts = files()
    for name in texts:
        texts[name] = texts[name].replace("13-1082.00", "15-2051.00")
    load(as_zip(tmp_path / "r.zip", texts), may_lose=True)
    scientist = Occupation.objects.get(code="15-2051.00")
    assert (scientist.is_rated, scientist.source, scientist.release) == (True, "oasis-2023", "")
    assert scientist.needs.count() == 68
    assert scientist.relations.count() > 1


def test_loading_the_release_and_the_shipped_files_in_turn_changes_nothing(starter, small):
    load(small, may_lose=True)
    before = snapshot()
    for _ in range(2):
        call_command("load_catalogue", verbosity=0)
        load(small, may_lose=True)
    assert snapshot() == before


def test_the_shipped_figures_do_not_come_back_over_a_release(starter, small):
    load(small, may_lose=True)
    before = snapshot()
    call_command("load_catalogue")
    assert snapshot() == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Alternate Titles.txt", "O*NET-SOC Code\tTitle\n"),
        ("Skills.txt", ratings([*ESSENTIAL, *TRANSFERABLE][1:])),
        ("Skills.txt", ratings([*ESSENTIAL, *TRANSFERABLE])[:-20]),
    ],
)
def test_a_broken_release_changes_nothing_and_says_what_is_wrong(starter, tmp_path, name, text):
    before = snapshot()
    with pytest.raises(CommandError):
        load(as_zip(tmp_path / "broken.zip", files(**{name: text})))
    assert snapshot() == before


def test_a_failure_while_writing_changes_nothing(starter, small, monkeypatch):
    before = snapshot()

    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("careerplan.catalogue.services.sync_needs", fail)
    with pytest.raises(RuntimeError, match="the disk is full"):
        load(small, may_lose=True)
    assert snapshot() == before


def shipped_figures():
    rows = OccupationNeed.objects.filter(occupation__is_starter=True).order_by("occupation__code", "skill__key")
    return list(rows.values_list("occupation__code", "skill__key", "figure", "level", "importance", "low_precision"))


def test_the_official_archive_loads_in_under_a_minute_and_has_the_shipped_figures(starter, shared):
    shipped, started = shipped_figures(), time.monotonic()
    load(shared / "onet" / "db_29_3_text.zip")
    assert time.monotonic() - started < 60
    assert shipped_figures() == shipped
    assert Occupation.objects.current().count() == 1016
    assert Occupation.objects.filter(release="29.3", is_rated=True).count() == 879
    assert OccupationNeed.objects.filter(occupation__release="29.3").count() == 879 * 68
    assert OccupationTitle.objects.count() > 56_000
    assert Occupation.objects.filter(is_rated=True, needs__isnull=True).count() == 0
    assert Occupation.objects.filter(is_rated=False, needs__isnull=False).count() == 0
    before = snapshot()
    load(shared / "onet" / "db_29_3_text.zip")
    assert snapshot() == before


def test_a_release_that_was_cut_off_after_a_whole_line_changes_nothing(small, tmp_path):
    load(small)
    before = snapshot()
    shorter = files()
    header, *_rows = shorter["Skills.txt"].splitlines()
    first = [row for row in shorter["Skills.txt"].splitlines() if row.startswith("29-1141.00")]
    assert len(first) < len(_rows)
    shorter["Skills.txt"] = "\n".join([header, *first]) + "\n"
    folder = as_folder(tmp_path / "cut", shorter)
    with pytest.raises(CommandError, match=r"1 of 2 .*--may-lose"):
        load(folder)
    assert snapshot() == before
    load(folder, may_lose=True)
    assert Occupation.objects.filter(is_rated=True).count() == 1
