"""Addresses of the owner for comments and suggestions, below /people/."""

from django.urls import path

from careerplan.conversation.owner import answer_views, views

app_name = "conversation"
urlpatterns = [
    path("comments/", views.waiting, name="waiting"),
    path("comments/emails/", views.emails, name="emails"),
    path("comments/stop/<str:token>/", views.stop_by_link, name="stop"),
    path("comments/undo/", answer_views.undo, name="undo"),
    path("goals/<int:pk>/comment/", views.comment_goal, name="comment"),
    path("reviews/<int:pk>/comment/", views.comment_review, name="comment-review"),
    path("comments/<int:pk>/reply/", views.reply, name="reply"),
    path("comments/<int:pk>/edit/", views.edit, name="edit"),
    path("comments/<int:pk>/delete/", views.delete, name="delete"),
    path("comments/<int:pk>/step/", answer_views.make_step_page, name="make-step"),
    path("suggestions/<int:pk>/take/", answer_views.take, name="take"),
    path("suggestions/<int:pk>/change/", answer_views.change, name="change"),
    path("suggestions/<int:pk>/decline/", answer_views.decline_page, name="decline"),
]
