"""Addresses on which a mentor rates skills, below /with/."""

from django.urls import path

from careerplan.second_opinion.mentor import views

app_name = "mentor-opinion"
urlpatterns = [
    path("<uuid:key>/opinion/", views.start, name="start"),
    path("<uuid:key>/opinion/<int:number>/", views.skill, name="skill"),
    path("<uuid:key>/opinion/sent/", views.sent, name="sent"),
]
