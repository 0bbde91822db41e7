"""The timeline of real rows: everything recorded stands in the drawing and in the table, and the file says the same."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from boards.models import Case, CaseEvent, Decision
from netcare.access import actor_for_user
from netcare.access.models import User
from pathways.assessing import assess_tumor
from pathways.drawing.timeline import Glyph
from pathways.knowledge import dictionary
from pathways.models import Review
from pathways.presenters.timeline import entries as timeline_entries
from pathways.presenters.timeline.entries import Noted, day_entry, register_source
from pathways.presenters.timeline.findings import all_readings, finding_points
from pathways.presenters.timeline.page import TimelinePage, rows_of, timeline_page
from pathways.presenters.words import show_date
from patients.actions import (
    NewFinding,
    NewMarker,
    NewNote,
    NewTreatment,
    mark_note_in_error,
    record_findings,
    record_markers,
    record_notes,
    record_treatment,
)
from patients.entry.dates import PartialDate
from patients.facts import facts_of
from patients.models import Finding, Marker, Patient, PatientNote, Referral, Treatment
from patients.selectors import tumors_of

TODAY = date(2026, 11, 26)
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
MRNS = [f"DEMO-{number:03}" for number in range(1, 15)]


def the_page(patient: Patient, as_of: date, **query: str) -> TimelinePage:
    tumor = tumors_of(patient)[0]
    return timeline_page(assess_tumor(tumor, as_of=as_of), rows_of(tumor), query)


def recorded(patient: Patient) -> set[str]:
    """The keys of everything on record, straight from the tables."""
    live = {"patient": patient, "correction__isnull": True}
    keys = {f"finding-{pk}" for pk in Finding.objects.filter(**live).values_list("pk", flat=True)}
    keys |= {f"treatment-{pk}" for pk in Treatment.objects.filter(**live).values_list("pk", flat=True)}
    keys |= {f"marker-{pk}" for pk in Marker.objects.filter(**live).values_list("pk", flat=True)}
    keys |= {f"note-{pk}" for pk in PatientNote.objects.filter(**live).values_list("pk", flat=True)}
    keys |= {f"referral-{pk}" for pk in Referral.objects.filter(patient=patient).values_list("pk", flat=True)}
    of_patient = {"snapshot__tumor__patient": patient}
    keys |= {f"review-{pk}" for pk in Review.objects.filter(**of_patient).values_list("pk", flat=True)}
    return keys | _of_the_board(patient)


def _of_the_board(patient: Patient) -> set[str]:
    """The coming meeting, postponements and decisions."""
    cases = Case.objects.filter(tumor__patient=patient)
    waiting = cases.filter(state="scheduled").values_list("pk", flat=True)
    put_off = CaseEvent.objects.filter(case__in=cases, kind="postponed").values_list("pk", flat=True)
    decided = Decision.objects.filter(case__in=cases).values_list("pk", flat=True)
    named = (("case", waiting), ("postponed", put_off), ("decision", decided))
    return {f"{name}-{pk}" for name, keys in named for pk in keys}


@pytest.fixture
def clinician(demo: None, db: None) -> Any:
    return actor_for_user(User.objects.get(username="clinician"))


@pytest.fixture
def cedar(demo: None, db: None) -> Patient:
    return Patient.objects.get(mrn="DEMO-003")


def the_day(patient: Patient) -> date:
    """The last day on record: the demo is dated from the day on which it is loaded."""
    return max(Finding.objects.filter(patient=patient).values_list("observed_on", flat=True))


@pytest.mark.parametrize("mrn", MRNS)
def test_every_record_stands_in_the_drawing_and_in_the_table(mrn: str, demo: None, db: None) -> None:
    patient = Patient.objects.get(mrn=mrn)
    page = the_page(patient, the_day(patient))
    assert page.drawing.keys == {entry.key for entry in page.entries} == recorded(patient)
    assert page.outside == 0


@pytest.mark.parametrize("mrn", MRNS)
@pytest.mark.parametrize("period", ["12m", "2y"])
def test_in_a_period_drawing_and_table_hold_the_same(mrn: str, period: str, demo: None, db: None) -> None:
    patient = Patient.objects.get(mrn=mrn)
    page = the_page(patient, the_day(patient), period=period)
    assert page.drawing.keys == {entry.key for entry in page.entries}
    assert len(page.entries) + page.outside == len(recorded(patient))


def test_the_page_shows_lanes_the_words_beside_a_bar_and_the_table(
    as_person: Callable[[str], Client], page_of: Callable[..., str]
) -> None:
    text = as_person("clinician").get(page_of("DEMO-006", "timeline/")).content.decode()
    for part in ("Treatments", "Biopsy", "Imaging", "Chromogranin A", "today, ", "Long-acting octreotide", "growth"):
        assert part in text
    assert 'role="group"' in text
    assert "<desc" in text
    assert "style=" not in text.partition("<main")[2]
    assert text.count("<tr id=") == len(recorded(Patient.objects.get(mrn="DEMO-006")))


def test_the_file_holds_the_rows_of_the_table_with_the_patient_s_number(
    as_person: Callable[[str], Client], page_of: Callable[..., str], cedar: Patient
) -> None:
    answer = as_person("clinician").get(page_of("DEMO-003", "timeline/table.csv"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0] == ["MRN", "Date", "Kind", "What", "Value or how it ended", "Details", "Where it stands"]
    assert len(rows) - 1 == len(recorded(cedar))
    assert {row[0] for row in rows[1:]} == {"DEMO-003"}


def test_no_cell_of_the_file_is_a_formula(
    clinician: Any, cedar: Patient, as_person: Callable[[str], Client], page_of: Callable[..., str]
) -> None:
    texts = ("=1+1", "+49 30", "-2+3", "@SUM(A1)")
    notes = [NewNote(text=text, observed_on=the_day(cedar)) for text in texts]
    record_notes(actor=clinician, patient=cedar, notes=notes)
    content = as_person("clinician").get(page_of("DEMO-003", "timeline/table.csv")).content.decode()
    cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row if cell]
    assert {f"'{text}" for text in texts} <= set(cells)
    assert [cell for cell in cells if cell[0] in "=+-@"] == []


def test_a_typed_period_that_cannot_be_read_is_shown_again_with_what_is_accepted(
    as_person: Callable[[str], Client], page_of: Callable[..., str]
) -> None:
    address = page_of("DEMO-003", "timeline/")
    refused = unescape(as_person("clinician").get(address, {"from": "03/04/2025"}).content.decode())
    assert "could be 3 Apr 2025 or 4 Mar 2025" in refused
    assert 'value="03/04/2025"' in refused
    turned = unescape(as_person("clinician").get(address, {"from": "Mar 2026", "to": "Mar 2025"}).content.decode())
    assert "To: Mar 2025 is before Mar 2026. Write the earlier date first." in turned
    nonsense = as_person("clinician").get(address, {"period": "<script>", "from": "", "to": ""}).content.decode()
    assert "<script>" not in nonsense.partition("<main")[2].partition("</main>")[0]


def test_the_number_of_queries_does_not_grow_with_the_record(
    clinician: Any, cedar: Patient, as_person: Callable[[str], Client], page_of: Callable[..., str]
) -> None:
    client, address = as_person("clinician"), page_of("DEMO-003", "timeline/")
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    day = the_day(cedar)
    markers = [
        NewMarker(
            marker="gastrin", value=Decimal(number), unit="pg/mL", observed_on=day.replace(year=day.year - number)
        )
        for number in range(1, 9)
    ]
    record_markers(actor=clinician, patient=cedar, markers=markers)
    for number in range(8):
        begun = PartialDate(date(2018 + number % 4, 1, 1), "year")
        given = NewTreatment(
            option="everolimus", course="unknown", started=begun, observed_on=day, doses=f"course {number}"
        )
        if number < 4:
            record_treatment(actor=clinician, patient=cedar, treatment=given)
    with CaptureQueriesContext(connection) as after:
        client.get(address)
    assert len(after) == len(before) <= 25


def test_partial_dates_are_drawn_as_wide_as_they_are_known(clinician: Any, cedar: Patient) -> None:
    day = the_day(cedar)
    given = NewTreatment(
        option="everolimus",
        course="stopped",
        started=PartialDate(date(day.year - 3, 1, 1), "year"),
        stopped=PartialDate(date(day.year - 2, 5, 1), "month"),
        outcomes=("not_tolerated",),
        observed_on=day,
    )
    row = record_treatment(actor=clinician, patient=cedar, treatment=given)
    page = the_page(cedar, day)
    mark = next(m for p in page.drawing.panels for m in p.marks if f"treatment-{row.id}" in m.keys)
    rects = {shape.css: shape for shape in mark.shapes if shape.kind == "rect"}
    certain, doubt = rects["bar-certain"], rects["bar-doubt"]
    assert doubt.x < certain.x
    assert certain.x + certain.width < doubt.x + doubt.width
    assert any(shape.kind == "path" and shape.css == "bar-cross" for shape in mark.shapes)
    said = " ".join(shape.text for shape in mark.shapes if shape.kind == "text")
    assert f"Everolimus : not tolerated · from {day.year - 3} · until May {day.year - 2}" in re.sub(r"\s+:", " :", said)


def test_another_assay_breaks_the_line_and_another_unit_is_another_line(clinician: Any, cedar: Patient) -> None:
    day = the_day(cedar)
    new = [
        NewMarker(
            marker="gastrin", value=Decimal(50 + number), unit="pg/mL" if number < 6 else "pmol/L",
            observed_on=day.replace(year=day.year - 9 + number), method="assay A" if number < 3 else "assay B",
        )
        for number in range(8)
    ]  # fmt: skip
    record_markers(actor=clinician, patient=cedar, markers=new)
    panels = the_page(cedar, day).drawing.panels
    texts = [text.text for panel in panels for text in panel.texts]
    assert texts.count("Gastrin") == 2
    assert texts.count("breaks: other assay") == 1
    runs = [s.d for panel in panels for s in panel.shapes() if s.kind == "path" and s.css == "tl-series"]
    assert sum(run.count("L") == 2 for run in runs) >= 2


def test_units_that_convert_exactly_are_one_line_in_the_latest_unit_and_the_record_stays_as_it_was(
    clinician: Any, cedar: Patient
) -> None:
    day = the_day(cedar)
    new = [
        NewMarker(
            marker="glucagon",
            value=Decimal(40 + number),
            unit=unit,
            observed_on=day.replace(year=day.year - 3 + number),
        )
        for number, unit in enumerate(("ng/L", "pg/mL", "ng/L"))
    ]
    sugar = [
        NewMarker(marker="glucose", name_text="fasting", value=Decimal(value), unit=unit, reference_high=Decimal(high),
                  observed_on=day.replace(year=day.year - 2 + number))
        for number, (value, unit, high) in enumerate((("5", "mmol/L", "5.5"), ("95", "mg/dL", "99")))
    ]  # fmt: skip
    record_markers(actor=clinician, patient=cedar, markers=[*new, *sugar])
    page = the_page(cedar, day)
    texts = [text.text for panel in page.drawing.panels for text in panel.texts]
    assert texts.count("Glucagon") == 1
    assert texts.count("Glucose fasting") == 1
    assert "mg/dL" in texts
    assert "90.1" in texts
    assert "mmol/L" not in texts
    converted = next(m for p in page.drawing.panels for m in p.marks if "5 mmol/L" in m.title)
    assert converted.title.endswith("drawn as 90.1 mg/dL")
    row = next(entry for entry in page.entries if entry.what == "Glucose fasting" and "mmol" in entry.value)
    assert row.value == "5 mmol/L"


def test_the_line_breaks_where_a_measurement_lies_between_that_does_not_convert(clinician: Any, cedar: Patient) -> None:
    day = the_day(cedar)
    new = [
        NewMarker(
            marker="insulin", value=Decimal(value), unit=unit, observed_on=day.replace(year=day.year - 5 + number)
        )
        for number, (value, unit) in enumerate(
            (("9", "mU/L"), ("10", "mU/L"), ("70", "pmol/L"), ("11", "µU/mL"), ("12", "mU/L"))
        )
    ]
    record_markers(actor=clinician, patient=cedar, markers=new)
    page = the_page(cedar, day)
    texts = [text.text for panel in page.drawing.panels for text in panel.texts]
    assert texts.count("Insulin") == 1
    assert texts.count("breaks: other unit") == 1
    lane = [m.title for p in page.drawing.panels for m in p.marks if m.css == "tl-point" and "Insulin" in m.title]
    assert len(lane) == 4
    single = [m.title for p in page.drawing.panels for m in p.marks if "70 pmol/L" in m.title]
    assert len(single) == 1


def test_two_readings_of_one_day_are_both_drawn_and_the_line_runs_through_the_one_in_force(
    demo: None, db: None
) -> None:
    patient = Patient.objects.get(mrn="DEMO-005")
    page = the_page(patient, the_day(patient))
    rivals = [entry for entry in page.entries if entry.details.startswith("not the reading in force")]
    assert {entry.what for entry in rivals} >= {"Ki-67"}
    assert {entry.key for entry in rivals} <= page.drawing.keys


def test_growth_on_record_is_a_dashed_line_through_every_panel(demo: None, db: None) -> None:
    patient = Patient.objects.get(mrn="DEMO-006")
    for panel in the_page(patient, the_day(patient)).drawing.panels:
        assert any(shape.kind == "line" and shape.css == "tl-growth" for shape in panel.shapes())


def test_nothing_recorded_says_what_to_do(clinician: Any, demo: None, db: None) -> None:
    from netcare.access import Team
    from patients.actions import register_patient

    team = Team.objects.filter(institution=clinician.home).order_by("name").first()
    patient = register_patient(
        actor=clinician, mrn="EMPTY-1", family_name="Void", given_name="Ivy", birth_on=date(1970, 1, 1), sex="female",
        teams=[team],
    )  # fmt: skip
    page = the_page(patient, TODAY)
    assert page.is_empty
    assert page.entries == ()


def test_another_package_adds_marks_in_a_lane_of_its_own(cedar: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline_entries, "_SOURCES", {})
    day = the_day(cedar)
    entry = day_entry("meeting-1", "Board", day, "Discussed at the board", value="embolize")
    register_source("meetings", lambda patient, tumor: [Noted("board", Glyph.BOARD, "embolize", entry)])
    page = the_page(cedar, day)
    assert "meeting-1" in page.drawing.keys
    assert "meeting-1" in {one.key for one in page.entries}


def test_readers_without_the_record_get_no_timeline(
    as_person: Callable[[str], Client], page_of: Callable[..., str]
) -> None:
    address = page_of("DEMO-003", "timeline/")
    assert as_person("editor").get(address).status_code == 403
    assert as_person("outsider").get(address).status_code == 404
    assert as_person("viewer").get(address).status_code == 200


# --- As of a past day, under the drafted limits ---


def test_the_timeline_of_a_past_day_holds_what_was_known_when_it_ended_and_says_so(
    as_person: Callable[[str], Client], page_of: Callable[..., str], clinician: Any, cedar: Patient
) -> None:
    past, day = timezone.now() - timedelta(days=30), (timezone.now() - timedelta(days=30)).date()
    early = NewMarker(marker="chromogranin_a", value=Decimal(77), unit="ng/mL", observed_on=day)
    record_markers(actor=clinician, patient=cedar, markers=[early], now=past)
    client, query = as_person("clinician"), f"?as_of={(day + timedelta(days=1)).isoformat()}"
    text = client.get(page_of("DEMO-003", f"timeline/{query}")).content.decode()
    assert "nothing that rules read had been entered by then" in text
    assert f"as of {show_date(day + timedelta(days=1))}" in text.partition("<svg")[2]
    assert "today," not in text.partition("<svg")[2].partition("</svg>")[0]
    table = client.get(page_of("DEMO-003", f"timeline/table.csv{query}")).content.decode().splitlines()
    assert len(table) == 2
    assert "77" in table[1]
    assert 'name="as_of"' in text
    assert 'period=5y"' in text.replace(query[1:] + "&amp;", "")
    whole = client.get(page_of("DEMO-003", "timeline/table.csv")).content.decode().splitlines()
    assert len(whole) > 20


def test_a_treatment_or_note_corrected_later_stands_in_the_timeline_of_a_past_day_as_it_was(
    clinician: Any, cedar: Patient
) -> None:
    past = timezone.now() - timedelta(days=30)
    note = NewNote(kind="remark", text="as first written", observed_on=past.date(), source="clinic")
    record_notes(actor=clinician, patient=cedar, notes=[note], now=past)
    row = PatientNote.objects.get(text="as first written")
    mark_note_in_error(actor=clinician, patient=cedar, note=row, reason="wrong patient")
    tumor, then = tumors_of(cedar)[0], past + timedelta(days=1)
    assert [one.text for one in rows_of(tumor, as_of=then.date(), known_at=then).notes] == ["as first written"]
    assert "as first written" not in [one.text for one in rows_of(tumor).notes]


def test_under_the_drafted_limits_the_timeline_says_which_values_are_too_old_for_the_rules(
    as_person: Callable[[str], Client], page_of: Callable[..., str]
) -> None:
    client = as_person("clinician")
    under = unescape(client.get(page_of("DEMO-013", "timeline/?limits=draft")).content.decode())
    assert "Under a draft of limits, not in force." in under.replace("<strong>", "").replace("</strong>", "")
    assert re.search(r"too old for the rules: \d+ days old, limit 90", under)
    assert "too old for the rules" not in client.get(page_of("DEMO-013", "timeline/")).content.decode()


def test_one_number_of_one_day_is_written_once_and_every_number_without_a_separator_of_thousands(
    cedar: Patient,
) -> None:
    page = the_page(cedar, the_day(cedar))
    panel = next(panel for panel in page.drawing.panels if any(text.text == "Ki-67" for text in panel.texts))
    texts = [text.text for text in panel.texts]
    assert texts.count("6") == 1
    assert "1610" in texts
    assert "1000" in texts
    assert [text for text in texts if re.fullmatch("[0-9]+,[0-9]{3}", text)] == []


def test_the_line_of_a_laboratory_value_has_the_laboratory_s_reference_band_in_the_unit_of_the_line(
    clinician: Any, cedar: Patient
) -> None:
    def given(value: str, unit: str, low: str, high: str, day: date) -> NewFinding:
        return NewFinding(
            feature="hemoglobin_g_dl", value=Decimal(value), unit=unit, reference_low=low, reference_high=high,
            observed_on=day, source="lab",
        )  # fmt: skip

    day = the_day(cedar)
    first = given("12.0855", "mmol/L", "7.4", "9.9", day - timedelta(days=900))
    second = given("11.5", "g/dL", "12", "16", day - timedelta(days=800))
    record_findings(actor=clinician, patient=cedar, findings=[first, second, given("11", "g/dL", "12", "16", day)])
    page = the_page(cedar, day)
    assert any("reference 7.4–9.9 mmol/L" in entry.whole for entry in page.entries)
    texts = [text.text for panel in page.drawing.panels for text in panel.texts]
    assert "Hemoglobin" in texts
    assert "reference 12–16" in texts
    points = finding_points(
        all_readings(facts_of(tumors_of(cedar)[0], as_of=day)),
        facts_of(tumors_of(cedar)[0], as_of=day),
        {entry.key: entry for entry in page.entries},
        dictionary(),
    )
    ranges = {point.reference for title, _, point in points if title == "Hemoglobin"}
    assert ranges >= {(Decimal("11.9244"), Decimal("15.9529")), (Decimal(12), Decimal(16))}
