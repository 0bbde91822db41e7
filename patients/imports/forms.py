"""The form that sends a file. What the file is, is told by its content; see ``patients.imports.files``."""

from django import forms

from patients.forms.fields import PlainForm
from patients.imports.files import ACCEPTED


class SendForm(PlainForm):
    file = forms.FileField(label="File", allow_empty_file=True, help_text=ACCEPTED)
