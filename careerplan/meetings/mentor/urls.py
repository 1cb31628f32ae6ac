"""Addresses of the meeting for a mentor, below /with/."""

from django.urls import path

from careerplan.meetings.mentor import views

app_name = "mentor-meeting"
urlpatterns = [
    path("<uuid:key>/meeting/", views.sheet, name="sheet"),
    path("<uuid:key>/meeting/calendar/", views.calendar, name="calendar"),
]
