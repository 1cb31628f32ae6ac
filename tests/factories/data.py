"""Account files for tests."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from careerplan.account_data import services
from careerplan.account_data.models import UNDO_PERIOD, DataFile, DataImport
from careerplan.plan_document.document import EVERYTHING
from careerplan.plan_document.models import PlanFile
from careerplan.plan_document.services import request_plan_file
from careerplan.plans.models import Plan


def make_data_file(user: User, now: datetime | None = None) -> DataFile:
    """A file that a worker has made and that can be downloaded."""
    now = now or timezone.now()
    services.request_export(user=user, now=now)
    file = services.claim_next(now=now)
    assert file is not None
    assert services.write_export_file(file=file, clock=lambda: now)
    file.refresh_from_db()
    return file


def make_data_import(user: User, now: datetime | None = None) -> DataImport:
    """Make the record of an import that can still be undone."""
    now = now or timezone.now()
    return DataImport.objects.create(user=user, imported_at=now, expires_at=now + UNDO_PERIOD, counts={"goals": 1})


def make_ready_plan_file(plan: Plan, content: bytes = b"%PDF of a plan", now: datetime | None = None) -> PlanFile:
    """A file of a plan as a worker leaves it."""
    now = now or timezone.now()
    file = request_plan_file(plan=plan, ending=PlanFile.Ending.PDF, parts=EVERYTHING, now=now)
    file.state, file.content, file.ready_at, file.name = PlanFile.State.READY, content, now, "plan.pdf"
    file.save()
    return file
