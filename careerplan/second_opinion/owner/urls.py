"""Addresses of the owner's pages about second opinions, below /people/."""

from django.urls import path

from careerplan.second_opinion.owner import views

app_name = "opinion"
urlpatterns = [
    path("<int:pk>/opinion/", views.ask, name="ask"),
    path("opinions/<int:pk>/", views.differ, name="differ"),
    path("opinions/<int:pk>/open/", views.open_answers, name="open"),
    path("opinions/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("opinions/<int:pk>/show/", views.show_all, name="show-all"),
    path("opinions/<int:pk>/results/", views.results, name="results"),
]
