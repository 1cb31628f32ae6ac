"""Files of somebody's data as tests need them."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from careerplan.account_data import services
from careerplan.account_data.models import DataFile


def make_data_file(user: User, now: datetime | None = None) -> DataFile:
    """A file that a worker has made and that can be downloaded."""
    now = now or timezone.now()
    services.ask_for_file(user=user, now=now)
    file = services.take_next(now=now)
    assert file is not None
    assert services.make_file(file=file, clock=lambda: now)
    file.refresh_from_db()
    return file
