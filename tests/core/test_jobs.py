"""Jobs of workers: what the time limit of a task means for the attempts of a file."""

from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from careerplan.account_data import services, tasks
from careerplan.account_data.models import DataFile
from careerplan.core import jobs
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def files():
    """Two files that wait, the older one first."""
    now = timezone.now()
    for minutes in (2, 1):
        services.request_export(user=UserFactory(), now=now - timedelta(minutes=minutes))
    return list(DataFile.objects.order_by("pk"))


def run_until_the_limit(monkeypatch, slow):
    """Run a task whose time limit comes while it works on a file; return the files that it began."""
    begun = []

    def process(*, file, clock):
        begun.append(file.pk)
        if file.pk == slow.pk:
            raise SoftTimeLimitExceeded
        DataFile.objects.filter(pk=file.pk).delete()

    monkeypatch.setattr(services, "process_file", process)
    with pytest.raises(SoftTimeLimitExceeded):
        tasks.process_files()
    return begun


def test_limit_that_another_file_used_up_costs_no_attempt(files, monkeypatch):
    first, second = files
    assert run_until_the_limit(monkeypatch, second) == [first.pk, second.pk]
    second.refresh_from_db()
    assert (second.state, second.attempts) == (jobs.WAITING, 0)
    assert run_until_the_limit(monkeypatch, second) == [second.pk]  # at once, and first


def test_file_that_takes_too_long_by_itself_fails_in_the_end(files, monkeypatch, time_machine):
    slow, other = files
    other.delete()
    for attempt in range(1, services.MAX_ATTEMPTS + 1):
        assert run_until_the_limit(monkeypatch, slow)[-1] == slow.pk
        slow.refresh_from_db()
        assert (slow.state, slow.attempts) == (jobs.WAITING, attempt)
        time_machine.move_to(timezone.now() + services.LEASE, tick=False)
    tasks.process_files()
    slow.refresh_from_db()
    assert slow.state == jobs.FAILED
