"""Models of a conversation about a plan: comments, suggestions, and whether its emails are stopped."""

from careerplan.conversation.models.comment import Comment, Side
from careerplan.conversation.models.emails import StoppedDigest
from careerplan.conversation.models.suggestion import Suggestion

__all__ = ["Comment", "Side", "StoppedDigest", "Suggestion"]
