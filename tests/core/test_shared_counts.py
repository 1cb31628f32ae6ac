"""The folder in which web processes count together lies where every user of the machine can write."""

import os
import stat
import tempfile

import pytest

from careerplan.core.shared_counts import FOLDER_VARIABLE, share_counts

PARENT, ENDED = 999_999_998, 999_999_997  # of no process


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """A temporary folder, and how those of web services are named in it."""
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setenv(FOLDER_VARIABLE, "")
    return lambda last: tmp_path / f"careerplan-metrics-{os.getuid()}-{last}"


def test_folder_is_ours_alone_and_that_of_an_ended_service_goes(folders):
    folders(ENDED).mkdir()
    (folders(ENDED) / "counter_1.db").touch()
    for name in ("notes", "\N{SUPERSCRIPT TWO}", "9" * 40):
        folders(name).mkdir()
    share_counts(PARENT)
    assert os.environ[FOLDER_VARIABLE] == str(folders(PARENT))
    assert stat.S_IMODE(folders(PARENT).stat().st_mode) == 0o700
    assert not folders(ENDED).exists()
    assert folders("notes").exists()


def test_folder_of_somebody_else_is_refused(folders, tmp_path):
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    folders(PARENT).symlink_to(theirs)
    with pytest.raises(PermissionError, match="not a folder of this user"):
        share_counts(PARENT)
