"""URLs of the landing page, Today, the search, the privacy notice and the results of an assessment."""

from django.urls import path

from careerplan.dashboard import views

app_name = "dashboard"
urlpatterns = [
    path("", views.front, name="front"),
    path("today/", views.today, name="today"),
    path("search/", views.search, name="search"),
    path("privacy/", views.privacy, name="privacy"),
]

# Joined with the pages of the assessment, as skills:results and skills:result (careerplan.urls).
results_urlpatterns = [
    path("results/", views.newest_results, name="results"),
    path("results/<int:pk>/", views.result, name="result"),
    path("results/<int:pk>/<slug:view>/", views.result, name="result"),
    path("results/<slug:view>/", views.newest_results, name="results"),
]
