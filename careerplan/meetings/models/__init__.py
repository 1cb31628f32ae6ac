"""Models of meetings of an owner and a mentor, and of what they agreed."""

from careerplan.meetings.models.meeting import MINUTES, MOST_NOTES, NOTE_LENGTH, Meeting, MeetingNote

__all__ = ["MINUTES", "MOST_NOTES", "NOTE_LENGTH", "Meeting", "MeetingNote"]
