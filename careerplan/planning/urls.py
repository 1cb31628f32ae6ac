"""URLs of the plan page and its subpages, in the namespace "plans" (careerplan.urls)."""

from django.urls import path

from careerplan.planning import views

urlpatterns = [
    path("", views.plan_page, name="plan"),
    path("pause/", views.plan_pause, name="pause"),
    path("pause/end/", views.pause_end, name="pause-end"),
    path("catch-up/", views.catch_up, name="catch-up"),
    path("catch-up/later/", views.catch_up_later, name="catch-up-later"),
    path("new/", views.new_plan, name="new-plan"),
    path("earlier/", views.earlier_plans, name="earlier-plans"),
    path("earlier/<int:pk>/", views.earlier_plan, name="earlier-plan"),
    path("snapshot/", views.snapshot, name="snapshot"),
    path("changes/", views.change_log, name="change-log"),
    path("changes/every/", views.every_change, name="every-change"),
]
