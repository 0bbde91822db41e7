"""Calling and changing a meeting, inviting, attendance. Who calls it: the views of meetings."""

from typing import Any

from django import forms

from boards.actions.meetings import Invited, Plan
from boards.forms.fields import BoardForm, ComingDay, PersonField
from boards.models import Discipline, Meeting, Repeats
from boards.selectors import chairs_of, people_of
from netcare.access import Institution
from patients.forms.fields import choices


class MeetingForm(BoardForm):
    """One meeting; with `repeats` a series and how many of its dates are made now."""

    title = forms.CharField(label="Title", max_length=120, initial="NET board")
    on = ComingDay(label="Day")
    at = forms.TimeField(
        label="Begins at", widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "This is not a time. Accepted is hours and minutes, such as 14:00."},
    )  # fmt: skip
    minutes = forms.IntegerField(
        label="Minutes planned",
        initial=60,
        error_messages={"invalid": "Accepted is a whole number of minutes, 5 to 480."},
    )
    place = forms.CharField(label="Place", max_length=200, required=False)
    link = forms.URLField(
        label="Link", max_length=500, required=False, assume_scheme="https",
        error_messages={"invalid": "This is no address of the web. Accepted is one that begins with https://."},
    )  # fmt: skip
    time_zone = forms.CharField(label="Time zone", max_length=60)
    repeats = forms.ChoiceField(
        label="Repeats", required=False, choices=choices(Repeats.choices, empty="a single meeting")
    )
    ahead = forms.IntegerField(
        label="Dates to make now", initial=6, required=False,
        help_text="For a series; more can be made later. A series keeps the time on the wall when the clocks change.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, institution: Institution, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"time_zone": institution.time_zone} | (initial or {}))
        self.fields["chair"] = PersonField(chairs_of(institution), empty="choose the chair", label="Chair")
        self.order_fields(["title", "on", "at", "minutes", "chair", "place", "link", "repeats", "ahead", "time_zone"])

    def plan(self) -> Plan:
        """What was asked for."""
        said = dict(self.cleaned_data)
        said.pop("seen", None)
        single = not said.get("repeats")
        said["ahead"] = 1 if single else said.get("ahead") or 1
        return Plan(**said)


class ChangeMeetingForm(MeetingForm):
    """A single planned meeting again."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, institution: Institution, meeting: Meeting, local: Any) -> None:
        initial = {name: getattr(meeting, name) for name in ("title", "minutes", "place", "link", "time_zone")}
        initial |= {
            "on": local.date(),
            "at": local.time(),
            "chair": str(meeting.chair_id),
            "seen": meeting.order_version,
        }
        super().__init__(data, institution=institution, initial=initial)
        del self.fields["repeats"], self.fields["ahead"]


class InviteForm(BoardForm):
    """Somebody with an account, or the name of somebody from outside."""

    name = forms.CharField(
        label="Or the name of a guest", max_length=200, required=False, help_text="Guests get no access."
    )
    discipline = forms.ChoiceField(label="Discipline", choices=choices(Discipline.choices, empty="choose"))

    def __init__(self, data: Any = None, *, institution: Institution) -> None:
        super().__init__(data)
        self.fields["user"] = PersonField(people_of(institution), empty="a guest", label="Person", required=False)
        self.order_fields(["user", "name", "discipline"])

    def invited(self) -> Invited:
        """Who is meant."""
        return Invited(**self.cleaned_data)
