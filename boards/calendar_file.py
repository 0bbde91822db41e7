"""The calendar file of a meeting: when, where and who chairs. It names no patient and no number of cases.

Pure. Who calls it: the view of the file.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from boards.models import Meeting, MeetingState


def calendar_file(meeting: Meeting, *, now: datetime) -> bytes:
    """The meeting as an iCalendar file; a later file of the same meeting replaces the earlier one."""
    local = ZoneInfo(meeting.time_zone)
    begins = meeting.begins_at.astimezone(local)
    event = Event()
    event.add("uid", f"{meeting.id}@netcare")
    event.add("dtstamp", now)
    event.add("dtstart", begins)
    event.add("dtend", (meeting.begins_at + timedelta(minutes=meeting.minutes)).astimezone(local))
    event.add("summary", meeting.title)
    event.add("sequence", meeting.order_version)
    if meeting.state == MeetingState.OFF:
        event.add("status", "CANCELLED")
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.link:
        event.add("url", meeting.link)
    event.add("description", f"Chair: {meeting.chair.display_name}. Cases and packet are in netcare, not in this file.")
    whole = Calendar()
    whole.add("prodid", "-//netcare//tumor board//EN")
    whole.add("version", "2.0")
    whole.add("method", "CANCEL" if meeting.state == MeetingState.OFF else "PUBLISH")
    around = timedelta(days=400)  # without a change of the clocks in it a zone would have no rule at all
    zone = Timezone.from_tzinfo(local, first_date=begins.date() - around, last_date=begins.date() + around)
    whole.add_component(zone)
    whole.add_component(event)
    return whole.to_ical()
