"""What the tumor board gets about a patient, on paper and offline: made by the presenters of the screen, so that both agree.

It knows no meetings: it takes frozen values (`contents`, `minutes`) and gives PDF, a folder of HTML, and plain text.
"""
