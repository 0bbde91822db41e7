"""The PDF as a file: the same bytes for the same content, tagged, fonts inside, nothing fetched, margins on every page."""

import io
from dataclasses import replace
from re import findall
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from boards.packet.contents import AgendaRow, CasePacket, MeetingPacket, Slot, numbered
from boards.packet.html import meeting_files, zipped
from boards.packet.pdf import NotMade, case_pdf, meeting_pdf
from boards.packet.text import case_text
from tests.integration.packet.conftest import PRINTING
from tests.integration.packet.reading import body_of, pages_of, squeezed


def _meeting(cases: list[CasePacket]) -> MeetingPacket:
    placed = numbered("NET board, Thu 26 Nov 2026", cases)
    rows = tuple(AgendaRow("14:00", n, c.who.known_as, c.slot.question, "", "7") for n, c in enumerate(placed, start=1))
    return MeetingPacket("NET board", "Thu 26 Nov 2026, 14:00", "Room 4", "Dr. Chair", ("oncology: A",), rows, placed)


def test_equal_content_gives_equal_bytes_in_every_form(packet_of) -> None:
    first, second = packet_of("DEMO-003"), packet_of("DEMO-003")
    assert first.code == second.code
    second = replace(second, stamp=first.stamp)
    assert case_pdf(first, PRINTING) == case_pdf(second, PRINTING)
    meeting = _meeting([first, packet_of("DEMO-012")])
    assert zipped(meeting_files(meeting, PRINTING), PRINTING) == zipped(meeting_files(meeting, PRINTING), PRINTING)
    assert meeting_pdf(meeting, PRINTING) == meeting_pdf(meeting, PRINTING)


def test_a_process_of_its_own_gives_the_same_pdf(packet_of, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = _meeting([packet_of("DEMO-001"), packet_of("DEMO-004")])
    here = meeting_pdf(meeting, PRINTING)
    monkeypatch.setattr("boards.packet.pdf.MOST_CASES_HERE", 1)
    assert meeting_pdf(meeting, PRINTING) == here


def test_the_pdf_is_tagged_for_screen_readers_and_says_so(packet_of) -> None:
    reader = PdfReader(io.BytesIO(case_pdf(packet_of("DEMO-003"), PRINTING)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert reader.metadata is not None
    assert reader.metadata.title == "Case sheet: PLACEHOLDER, Cedar · DEMO-003"
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.isoformat() == PRINTING.at


def test_every_font_is_inter_and_inside_the_file_and_nothing_leads_out(packet_of) -> None:
    reader = PdfReader(io.BytesIO(case_pdf(packet_of("DEMO-006"), PRINTING)))
    names = set()
    for page in reader.pages:
        assert "/Annots" not in page
        for font in page["/Resources"].get("/Font", {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            names.add(str(inner["/BaseFont"]).partition("+")[2].partition("-")[0])
            described = inner["/FontDescriptor"].get_object()
            assert any(kind in described for kind in ("/FontFile2", "/FontFile3"))
    assert names == {"Inter"}


def test_a_meetings_packet_counts_cases_pages_and_sheets(packet_of) -> None:
    meeting = _meeting([packet_of("DEMO-001"), packet_of("DEMO-004")])
    pages = [squeezed(page) for page in pages_of(meeting_pdf(meeting, PRINTING))]
    assert f"agenda,page1of1,sheet1of{len(pages)}" in pages[0]
    assert meeting.code in pages[0]
    first = [page for page in pages if "case1of2,page" in page]
    second = [page for page in pages if "case2of2,page" in page]
    assert len(first) + len(second) == len(pages) - 1
    for number, page in enumerate(first, start=1):
        assert f"case1of2,page{number}of{len(first)},sheet{number + 1}of{len(pages)}" in page
        assert "DEMO-001" in page
        assert "DEMO-004" not in page


def test_the_folder_needs_nothing_but_itself(packet_of) -> None:
    files = meeting_files(_meeting([packet_of("DEMO-003"), packet_of("DEMO-006")]), PRINTING)
    for name, data in files.items():
        text = data.decode()
        for way_out in ("http://", "https://", "//fonts", "@import", "<script", "url(", "style="):
            assert way_out not in text.replace("http://www.w3.org/2000/svg", ""), f"{name}: {way_out}"
        if name.endswith(".html"):
            for place in findall(r'(?:src|href)="([^"#]+)"', text):
                assert place in files, f"{name} names {place}"
    assert all(name not in "".join(files) for name in ("PLACEHOLDER", "Cedar", "DEMO"))
    with ZipFile(io.BytesIO(zipped(files, PRINTING))) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == sorted(files)


HOSTILE = (
    '#panic("typed") $x^2$ \\ #import "/etc/passwd" @secret <b>bold</b> & "quoted" `raw` *strong* _em_ // comment',
    "Zoë Ångström-Müller, 患者 山田, пациент, مريض, \U0001f600 and \u202eright to left",
    "line one\nline two\r\n\ttabbed " + "very" * 400,
)


@pytest.mark.parametrize("text", HOSTILE, ids=["like source", "other scripts", "lines"])
def test_what_somebody_typed_is_shown_and_never_read_as_instructions(packet_of, text: str) -> None:
    case = packet_of("DEMO-001", slot=Slot(question=text))
    pdf = case_pdf(case, PRINTING)
    body = body_of(pdf, case, PRINTING)
    assert squeezed(text)[:5] in body
    assert "患" not in body
    assert ("[U+60A3]" in body) == ("患" in text)
    assert "\u202e" not in body
    assert "root:x:" not in body
    assert text.split("\n")[0].split()[0] in case_text(case)
    assert "<b>" not in meeting_files(_meeting([case]), PRINTING)["case-01.html"].decode()


def test_a_pdf_that_cannot_be_made_is_a_sentence_and_no_file(packet_of, monkeypatch: pytest.MonkeyPatch) -> None:
    case = packet_of("DEMO-001")
    monkeypatch.setattr("boards.packet.pdf.MOST_CASES_HERE", 0)
    monkeypatch.setattr("boards.packet.pdf.STATUS_WORDS", {})
    with pytest.raises(NotMade, match="The PDF could not be made: "):
        case_pdf(case, PRINTING)
