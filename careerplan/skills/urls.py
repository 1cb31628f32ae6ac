"""URLs of the assessment. A user has one draft, so its pages need no id.

The results also show goals, so they are in the dashboard (careerplan.urls).
"""

from django.urls import path

from careerplan.skills import views, views_own

app_name = "skills"
urlpatterns = [
    path("", views.home, name="home"),
    path("assessment/", views.start, name="start"),
    path("assessment/continue/", views.continue_assessment, name="continue"),
    path("assessment/interests/", views.start_interests, name="interests"),
    path("assessment/finish/", views.finish, name="finish"),
    path("assessment/discard/", views.discard, name="discard"),
    path("own/<int:pk>/", views_own.rename, name="own"),
    path("own/<int:pk>/delete/", views_own.delete, name="own-delete"),
    path("occupations/", views.occupations, name="occupations"),
    path("target/", views.choose_target, name="target"),
    path("assessment/<slug:key>/", views.page, name="page"),
]
