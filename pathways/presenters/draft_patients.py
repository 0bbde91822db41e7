"""The test patients of a draft as their pages show them: what is expected, what the draft gives, what differs."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from pathways.drafts.selectors import ruleset_of_draft
from pathways.engine.checks import check_cases
from pathways.forms.test_patients import TestPatientForm
from pathways.models import Draft
from pathways.presenters.words import STATUS_WORDS, count


@dataclass(frozen=True, slots=True)
class PatientLine:
    """One test patient in the list."""

    code: str
    title: str
    url: str
    confirmed: str
    asserted: str
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatientsPage:
    """The page: test patients, and the rules' cases that fail."""

    patients: tuple[PatientLine, ...]
    failing_cases: tuple[tuple[str, str, str], ...]
    cases: int


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One option of a test patient: what is expected so far, and what the draft gives."""

    option: str
    title: str
    expected: str
    expected_words: str
    now: str
    now_words: str

    @property
    def differs(self) -> bool:
        """Whether the draft gives another status than the one that was confirmed."""
        return bool(self.expected) and self.expected != self.now


def patients_page(draft: Draft) -> PatientsPage:
    """All test patients of a draft."""
    ruleset = ruleset_of_draft(draft)
    results = check_cases(ruleset)
    failing = {one.code: one.failures for one in results if one.kind == "test patient"}
    titles = {option.code: option.title for option in ruleset.options}
    lines = tuple(
        PatientLine(
            code=one.code,
            title=one.title,
            url=reverse("pathways:draft_patient", args=[draft.id, one.code]),
            confirmed=f"confirmed by {one.confirmed_by}, {one.confirmed_on}" if one.confirmed_by else "",
            asserted=count(len(one.expected), "status", "statuses"),
            failures=tuple(
                f"{titles.get(f.code, f.code)}: {STATUS_WORDS.get(f.wanted, f.wanted)} was confirmed, the draft gives "
                f"{STATUS_WORDS.get(f.got, f.got)}"
                for f in failing.get(one.code, ())
            ),
        )
        for one in ruleset.test_patients
    )
    cases = [one for one in results if one.kind == "rule case"]
    failing_cases = tuple(
        (
            one.code,
            f.sentence.removeprefix(f"{f.code}: "),
            reverse("pathways:draft_entry", args=[draft.id, "rules", one.code]),
        )
        for one in cases
        for f in one.failures
    )
    return PatientsPage(lines, failing_cases, len(cases))


def confirmed_rows(draft: Draft, form: TestPatientForm, held: dict[str, Any] | None) -> tuple[StatusRow, ...]:
    """What the draft gives the patient in the form, beside what was confirmed; nothing while the form is not whole."""
    if form.is_bound:
        if not form.is_valid():
            return ()
        now = form.statuses()
    elif held:
        bound = TestPatientForm(
            {**form.initial, "note": held.get("note", "")}, ruleset=ruleset_of_draft(draft), initial={}
        )
        now = bound.statuses() if bound.is_valid() else {}
    else:
        return ()
    expected = (held or {}).get("expected") or {}
    return tuple(
        StatusRow(
            option=option.code,
            title=option.title,
            expected=expected.get(option.code, ""),
            expected_words=STATUS_WORDS.get(expected.get(option.code, ""), "–"),
            now=now.get(option.code, ""),
            now_words=STATUS_WORDS.get(now.get(option.code, ""), "–"),
        )
        for option in ruleset_of_draft(draft).options
    )
