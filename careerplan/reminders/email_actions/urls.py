"""URLs of email actions, below /r/: short, because text emails have lines of 76 characters."""

from django.urls import path

from careerplan.reminders.email_actions import views

app_name = "email_action"
urlpatterns = [
    path("<str:token>/done/", views.done, name="done"),
    path("<str:token>/week/", views.week, name="week"),
    path("<str:token>/stuck/", views.stuck, name="stuck"),
    path("<str:token>/let-go/", views.let_go, name="let-go"),
    path("<str:token>/confirm/", views.confirm, name="confirm"),
    path("<str:token>/worth/", views.worth, name="worth"),
]
