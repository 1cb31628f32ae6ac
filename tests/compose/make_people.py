"""Run in a container by `manage.py shell`: gives each of ADDRESSES a step that is due tomorrow and a week old."""

from datetime import timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import User
from careerplan.goals.services.goals import create_goal
from careerplan.reminders.models import ReminderSchedule
from careerplan.reminders.services import save_preferences

now = timezone.now()
for address in globals()["ADDRESSES"]:
    user = User.objects.filter(email=address).first() or User.objects.create_user(email=address)
    EmailAddress.objects.get_or_create(user=user, email=address, defaults={"verified": True, "primary": True})
    save_preferences(user=user, hour=0, muted_kinds=[])
    goal = {
        "area": "professional",
        "title": "Lead a shift",
        "why": "",
        "starts_on": now.date(),
        "due_on": now.date() + timedelta(days=90),
        "measure_kind": "number",
        "unit": "shifts",
        "start_value": 0,
        "target_value": 12,
    }
    step = {"title": "Ask for two late shifts", "due_on": now.date() + timedelta(days=1)}
    create_goal(user=user, form_key=uuid4(), changes=goal, first_step=step, now=now - timedelta(days=7))
ReminderSchedule.objects.update(next_check_at="1970-01-01T00:00Z")
