"""Addresses of the answers to a mail, below /r/: short, because they stand in texts of 76 letters a line."""

from django.urls import path

from careerplan.reminders.answers import views

app_name = "answer"
urlpatterns = [
    path("<str:token>/done/", views.done, name="done"),
    path("<str:token>/week/", views.week, name="week"),
    path("<str:token>/stuck/", views.stuck, name="stuck"),
    path("<str:token>/let-go/", views.let_go, name="let-go"),
    path("<str:token>/so/", views.so, name="so"),
    path("<str:token>/worth/", views.worth, name="worth"),
]
