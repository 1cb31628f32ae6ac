"""Addresses of the owner's pages about people, below /people/."""

from django.urls import path

from careerplan.mentoring.owner import views

app_name = "people"
urlpatterns = [
    path("", views.people, name="list"),
    path("invite/", views.invite, name="invite"),
    path("invite/preview/", views.preview, name="preview"),
    path("invite/send/", views.send, name="send"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/view/", views.view, name="view"),
    path("<int:pk>/view/goals/<int:goal>/", views.view_goal, name="view-goal"),
    path("<int:pk>/extend/", views.extend_sharing, name="extend"),
    path("<int:pk>/stop/", views.stop, name="stop"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
]
