"""Referring, changing, scheduling, postponing and withdrawing a case; assigning what it lacks; what became of an item.

Each carries the version that its page showed. Who calls it: the views of cases.
"""

from collections.abc import Sequence
from typing import Any

from django import forms

from boards.actions.cases import Assignment, Details
from boards.forms.fields import BoardForm, ComingDay, PersonField
from boards.models import Case, Meeting, Outcome, Priority
from boards.reasons import NOT_DONE, POSTPONED, WITHDRAWN
from boards.selectors import people_of
from netcare.access import Institution
from pathways.presenters.words import show_instant
from patients.forms.fields import choices
from patients.models import Tumor


class DetailsForm(BoardForm):
    """What is said of a case."""

    question = forms.CharField(
        label="Question to the board", max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )
    presenter_name = forms.CharField(label="Or a guest who presents", max_length=200, required=False)
    priority = forms.ChoiceField(label="Priority", choices=Priority.choices, initial=Priority.ROUTINE)
    minutes = forms.IntegerField(
        label="Minutes", initial=7, error_messages={"invalid": "Accepted is a whole number of minutes, 1 to 120."}
    )

    def __init__(self, data: Any = None, *, institution: Institution, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        people = people_of(institution)
        self.fields["presenter"] = PersonField(
            people, empty="nobody yet, or a guest", label="Presenter", required=False
        )
        self.order_fields(["tumor", "question", "presenter", "presenter_name", "priority", "minutes"])

    def details(self) -> Details:
        """What was said."""
        names = ("question", "presenter_name", "priority", "minutes", "presenter")
        return Details(**{name: self.cleaned_data[name] for name in names})


class ReferForm(DetailsForm):
    """A clinician's referral: everything has a sensible default; the tumor is asked for where there are several."""

    def __init__(
        self, data: Any = None, *, institution: Institution, tumors: Sequence[Tumor],
        initial: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.by_number = {str(tumor.number): tumor for tumor in tumors}
        super().__init__(data, institution=institution, initial=initial)
        if len(tumors) > 1:
            pairs = [(number, str(tumor)) for number, tumor in self.by_number.items()]
            self.fields["tumor"] = forms.ChoiceField(label="Tumor", choices=choices(pairs, empty="choose the tumor"))
            self.order_fields(["tumor", "question", "presenter", "presenter_name", "priority", "minutes"])

    def tumor(self) -> Tumor | None:
        """The tumor meant; None where there is none on record."""
        only = next(iter(self.by_number.values()), None)
        return self.by_number.get(self.cleaned_data["tumor"]) if "tumor" in self.fields else only


class SeenForm(BoardForm):
    """A form that stands on a version."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class EditForm(DetailsForm):
    """What is said of a case, again."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        names = ("question", "presenter_name", "priority", "minutes")
        initial = {name: getattr(case, name) for name in names} | {"seen": case.version}
        initial |= {
            "presenter": str(case.presenter_id or ""),
            "presenter_name": "" if case.presenter_id else case.presenter_name,
        }
        super().__init__(data, institution=case.institution, initial=initial)


class MeetingChoice(SeenForm):
    """Onto which planned meeting."""

    def __init__(self, data: Any = None, *, meetings: Sequence[Meeting], seen: int, needed: bool = True) -> None:
        super().__init__(data, initial={"seen": seen})
        self.meetings = {str(meeting.pk): meeting for meeting in meetings}
        pairs = [(key, f"{meeting.title}, {show_instant(meeting.begins_at)}") for key, meeting in self.meetings.items()]
        wrong = {"invalid_choice": "This meeting is locked, over or not yours. Choose one that is listed."}
        empty = "choose a meeting" if needed else "back to the list, no meeting yet"
        self.fields["to"] = forms.ChoiceField(
            label="Meeting" if needed else "To",
            choices=choices(pairs, empty=empty),
            required=needed,
            error_messages=wrong,
        )

    def meeting(self) -> Meeting | None:
        """The one chosen."""
        return self.meetings.get(self.cleaned_data["to"])


class PostponeForm(MeetingChoice):
    """Why, and to which meeting."""

    reason = forms.ChoiceField(label="Why it is postponed", choices=choices(POSTPONED.items(), empty="choose why"))
    line = forms.CharField(label="In a line", max_length=500, required=False)

    def __init__(self, data: Any = None, *, meetings: Sequence[Meeting], seen: int) -> None:
        super().__init__(data, meetings=meetings, seen=seen, needed=False)


class WithdrawForm(SeenForm):
    reason = forms.ChoiceField(label="Why it is withdrawn", choices=choices(WITHDRAWN.items(), empty="choose why"))
    line = forms.CharField(label="In a line", max_length=500, required=False)


class AssignForm(SeenForm):
    """Who sees to one gap."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=80)
    owner_name = forms.CharField(label="Owner", max_length=200, required=False)
    department = forms.CharField(label="Department", max_length=120, required=False)
    due_on = ComingDay(label="Due on", required=False)
    asked_on = ComingDay(label="Asked on", required=False)

    def assignment(self) -> Assignment:
        """What was said."""
        names = ("owner_name", "department", "due_on", "asked_on")
        return Assignment(**{name: self.cleaned_data[name] for name in names})


class OutcomeForm(SeenForm):
    """What became of an item."""

    outcome = forms.ChoiceField(label="What became of it", choices=choices(Outcome.choices, empty="choose"))
    reason = forms.ChoiceField(
        label="Why not, or only partly", choices=choices(NOT_DONE.items(), empty="no reason needed"), required=False
    )
    line = forms.CharField(label="In a line", max_length=300, required=False)
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)

    def __init__(
        self, data: Any = None, *, meetings: Sequence[Meeting] = (), seen: int = 0, auto_id: str = "id_%s",
        at: Meeting | None = None,
    ) -> None:  # fmt: skip
        """`meetings`: those that may have looked at it; `at`: the one whose page this is."""
        super().__init__(data, initial={"seen": seen, "meeting": str(at.pk) if at else ""}, auto_id=auto_id)
        self.meetings = {str(meeting.pk): meeting for meeting in meetings}
        pairs = [(key, f"{meeting.title}, {show_instant(meeting.begins_at)}") for key, meeting in self.meetings.items()]
        wrong = {"invalid_choice": "This meeting is signed, not locked yet, or not yours. Choose one that is listed."}
        self.fields["meeting"] = forms.ChoiceField(
            label="Looked at in", choices=choices(pairs, empty="no meeting"), required=False, error_messages=wrong
        )

    def meeting(self) -> Meeting | None:
        """The meeting that looked at it."""
        return self.meetings.get(self.cleaned_data["meeting"])


class AddendumForm(BoardForm):
    text = forms.CharField(label="Addendum", max_length=2000, widget=forms.Textarea({"rows": 3}))
