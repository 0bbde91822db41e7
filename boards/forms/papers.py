"""What is attached to a case, and why it is withdrawn. Who calls it: the views of attachments."""

from datetime import date
from typing import Any

from django import forms

from boards.actions.attachments import LONGEST_REASON, LONGEST_TITLE
from boards.attachments.checking import ACCEPTED
from boards.forms.fields import BoardForm
from boards.models import AttachmentKind
from patients.forms.fields import DayField, choices


class AttachForm(BoardForm):
    """A file and what it is. A file that was refused has to be chosen again; all else stays.

    The file comes last: where it is too large to be read, what stands before it in the form is kept.
    """

    file = forms.FileField(
        label="File", allow_empty_file=True, help_text=f"{ACCEPTED}; less than 300 pages, no password."
    )
    title = forms.CharField(
        label="Title",
        max_length=LONGEST_TITLE,
        help_text="As the board should read it, such as “Liver biopsy, report”.",
    )
    kind = forms.ChoiceField(label="Kind", choices=choices(AttachmentKind.choices, empty="choose the kind"))

    def __init__(self, data: Any = None, files: Any = None, *, today: date, born: date) -> None:
        super().__init__(data, files)
        self.fields["document_on"] = DayField(today=today, born=born, label="Date of the document")
        self.order_fields(["title", "kind", "document_on", "file"])
        wrong = {"invalid_choice": f"Accepted is {', '.join(one.label for one in AttachmentKind)}."}
        self.fields["kind"].error_messages |= wrong


class WithdrawAttachmentForm(BoardForm):
    reason = forms.CharField(label="Why it is withdrawn", max_length=LONGEST_REASON)
