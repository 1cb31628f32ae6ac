"""Models of mentorships: who sees what, how they come in, and the emails about it."""

from careerplan.mentoring.models.access import MentorCode, MentorSession, MentorVisit
from careerplan.mentoring.models.emails import MentoringEmail
from careerplan.mentoring.models.limits import InvitationRecord, StoppedAddress, hash_address
from careerplan.mentoring.models.mentorship import Mentorship, SharedGoal, SharingChange

__all__ = [
    "InvitationRecord",
    "MentorCode",
    "MentorSession",
    "MentorVisit",
    "MentoringEmail",
    "Mentorship",
    "SharedGoal",
    "SharingChange",
    "StoppedAddress",
    "hash_address",
]
