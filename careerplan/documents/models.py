"""The tables of what leaves the product and comes back; each room below has its own file."""

from careerplan.documents.calendar.models import CalendarFeed
from careerplan.documents.data.models import DataChunk, DataFile

__all__ = ["CalendarFeed", "DataChunk", "DataFile"]
