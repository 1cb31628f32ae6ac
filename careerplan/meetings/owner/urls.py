"""Addresses of the owner's pages about meetings, below /people/."""

from django.urls import path

from careerplan.meetings.owner import views

app_name = "meeting"
urlpatterns = [
    path("<int:pk>/meeting/", views.sheet, name="sheet"),
    path("<int:pk>/meeting/pdf/", views.pdf, name="pdf"),
    path("<int:pk>/meeting/last/", views.held, name="held"),
    path("<int:pk>/meeting/notes/", views.notes, name="notes"),
    path("<int:pk>/meeting/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/meeting/calendar/", views.calendar, name="calendar"),
]
