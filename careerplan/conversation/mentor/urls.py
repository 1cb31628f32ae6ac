"""Addresses of mentors for comments and suggestions, below /with/."""

from django.urls import path

from careerplan.conversation.mentor import views

app_name = "talk"
urlpatterns = [
    path("<uuid:key>/goals/<int:pk>/comment/", views.comment_goal, name="comment"),
    path("<uuid:key>/goals/<int:pk>/suggest/", views.suggest_page, name="suggest"),
    path("<uuid:key>/reviews/<int:pk>/", views.review, name="review"),
    path("<uuid:key>/reviews/<int:pk>/comment/", views.comment_review, name="comment-review"),
    path("<uuid:key>/comments/<int:pk>/reply/", views.reply, name="reply"),
    path("<uuid:key>/comments/<int:pk>/edit/", views.edit, name="edit"),
    path("<uuid:key>/comments/<int:pk>/delete/", views.delete, name="delete"),
    path("<uuid:key>/suggestions/<int:pk>/withdraw/", views.withdraw_suggestion, name="withdraw"),
]
