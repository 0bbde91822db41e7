"""The words and forms that all pages share: names of statuses, dates, numbers, plurals, groups of options.

Pure: no Django models, no clock. Called by every presenter and by the template tags.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.utils import timezone

# In the order in which counts and rows are shown: what is known first.
STATUS_WORDS = {
    "candidate": "Candidate",
    "conditional": "Conditional",
    "possible": "Possible",
    "excluded": "Excluded",
    "not_indicated": "Not indicated",
    "not_assessed": "Not assessed",
    "suspended": "Suspended",
}

STATUS_MEANINGS = {
    "candidate": "A reason holds and nothing known rules it out: a candidate for review.",
    "conditional": "A reason holds; something that could rule it out is not known yet.",
    "possible": "It cannot be judged yet: what is missing is named.",
    "excluded": "There is or may be a reason, and something rules it out.",
    "not_indicated": "No reason of the pathway holds; the nearest ones are named.",
    "not_assessed": "A fault of the program, not of the patient: this option was not judged.",
    "suspended": "Stopped for the time being by an emergency stop.",
}

LISTED = ("candidate", "conditional", "possible")

# The catalogue's groups as the field speaks of them on a patient's page.
PAGE_GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("watch", "Watch", ("surveillance",)),
    ("local", "Local", ("surgery", "liver_directed", "ablation", "radiation", "endoscopic")),
    ("systemic", "Systemic", ("somatostatin_analog", "targeted", "chemotherapy", "radionuclide", "biologic")),
    ("supportive", "Supportive", ("supportive",)),
    ("trials", "Trials", ("trial",)),
)

GROUP_TITLES = {
    "surveillance": "Surveillance",
    "surgery": "Surgery",
    "somatostatin_analog": "Somatostatin analogs",
    "targeted": "Targeted drugs",
    "chemotherapy": "Chemotherapy",
    "radionuclide": "Radionuclide therapy",
    "biologic": "Biologic therapy",
    "liver_directed": "Liver-directed therapy",
    "ablation": "Ablation outside the liver",
    "radiation": "Radiation",
    "endoscopic": "Endoscopic",
    "trial": "Clinical trials",
    "supportive": "Supportive",
}

EFFECT_TITLES = {"indication": "Reason", "exclusion": "Rules out", "caution": "To weigh"}

STRENGTH_TITLES = {"label": "Label", "guideline": "Guideline", "trial": "Trial", "expert page": "Expert page"}
STRENGTH_ICONS = {"label": "label", "guideline": "guideline", "trial": "trial", "expert page": "expert"}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def show_date(value: date) -> str:
    """12 Nov 2026."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def show_partial_date(text: str | None) -> str:
    """2026, 2026-11 and 2026-11-30 as 2026, Nov 2026 and 30 Nov 2026; nothing for nothing."""
    parts = [int(part) for part in (text or "").split("-") if part]
    if len(parts) == 3:
        return show_date(date(*parts))
    return f"{_MONTHS[parts[1] - 1]} {parts[0]}" if len(parts) == 2 else str(text or "")


def show_instant(value: datetime) -> str:
    """12 Nov 2026, 14:05, in the time zone in force."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{show_date(local)}, {local:%H:%M}"


def count(number: int, one: str, many: str | None = None) -> str:
    """1 option, 4 options."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listing(words: Sequence[str], last: str = "and") -> str:
    """a; a and b; a, b and c."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def capital(text: str) -> str:
    """The first letter as a capital, the rest as it is (eGFR and mTOR keep their first letter)."""
    if len(text) > 1 and text[0].islower() and text[1].isupper():
        return text
    return text[:1].upper() + text[1:]


def inside(text: str) -> str:
    """A title within a sentence: Neutrophils becomes neutrophils, eGFR, Ki-67 and ECOG stay as they are."""
    first = text.split()[0] if text.strip() else ""
    return text[:1].lower() + text[1:] if first.isalpha() and first[1:].islower() else text


def short_digest(digest: str) -> str:
    """sha256 a41f 07d2 … 9c2e: enough to compare by eye; the whole digest stands on the versions page."""
    kind, _, hexadecimal = digest.rpartition(":")
    if len(hexadecimal) < 16:
        return digest
    return f"{kind or 'sha256'} {hexadecimal[:4]} {hexadecimal[4:8]} … {hexadecimal[-4:]}"


def page_group_of(catalogue_group: str) -> str:
    """The heading of the patient's page under which a group of the catalogue stands."""
    for code, _title, members in PAGE_GROUPS:
        if catalogue_group in members:
            return code
    raise ValueError(f"The group {catalogue_group} of the catalogue has no place on the patient's page.")


def one_of_each(items: Iterable[str]) -> list[str]:
    """The items in their order, each once."""
    return list(dict.fromkeys(items))
