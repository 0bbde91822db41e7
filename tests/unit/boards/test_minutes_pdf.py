"""Minutes as PDF: everything that was recorded is in them, with the place to sign; addenda leave the code as it is."""

import io
from dataclasses import fields, is_dataclass, replace
from typing import Any

from pypdf import PdfReader

from boards.packet.contents import Printing
from boards.packet.minutes import (
    Addendum,
    CaseMinutes,
    ConditionalItem,
    FollowUpItem,
    LastTime,
    MinutesContents,
    OptionDecided,
    minutes_pdf,
)

PRINTING = Printing("Corinna Agenda", "4 Dec 2026, 09:00", "2026-12-04T08:00:00+00:00")
CASE = CaseMinutes(
    number=1, name="DUMMY, Fern", mrn="DEMO-006", line="Pancreatic NET, G2 · progressing", question="What is left?",
    presenter="Dr. Clement Bedside", decision="Work up for PRRT.",
    options=(
        OptionDecided("PRRT with 177Lu-DOTATATE", "taken forward", "receptors", "candidate"),
        OptionDecided("Everolimus", "discussed", "", "excluded", "half the dose was tolerated"),
    ),
    conditionals=(ConditionalItem("SSTR PET positive", "PRRT", "capecitabine", "Dr. Noah Tracer", "10 Dec 2026", "open"),),
    follow_ups=(FollowUpItem("SSTR PET/CT", "Dr. Iris Scanly", "5 Dec 2026", "done"),),
    trial="considered, none fits", preference="wants to stay at home", informs="Dr. Clement Bedside",
    rules="NET pathway v1", packet_code="AAAA-BBBB-CCCC",
)  # fmt: skip
MINUTES = MinutesContents(
    title="NET board", when="3 Dec 2026, 14:00", place="Room 4.12", chair="Dr. Carla Chairwell",
    present=("Dr. Paula Slidewell (pathology)",), excused=("Dr. Iris Scanly",), cases=(CASE,),
    last_time=(LastTime("MOCKUP, Hazel", "Lanreotide", "done"),),
)  # fmt: skip


def _text(minutes: MinutesContents) -> str:
    pages = PdfReader(io.BytesIO(minutes_pdf(minutes, PRINTING))).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def _texts(content: Any) -> list[str]:
    if isinstance(content, str):
        return [content] if content not in ("candidate", "excluded") else [content.capitalize()]
    if isinstance(content, tuple):
        return [text for one in content for text in _texts(one)]
    if is_dataclass(content):
        return [text for field in fields(content) for text in _texts(getattr(content, field.name))]
    return []


def test_everything_recorded_is_in_the_minutes() -> None:
    text = _text(MINUTES)
    assert [said for said in _texts(MINUTES) if "".join(said.split()) not in text] == []
    assert MINUTES.code in text


def test_unsigned_minutes_say_so_and_have_a_place_to_sign() -> None:
    text = _text(MINUTES)
    assert "Theseminutesarenotsignedyet." in text
    assert "notsignedyet" in text
    signed = replace(MINUTES, signed="Dr. Carla Chairwell, 4 Dec 2026, 09:00")
    assert "Signed:Dr.CarlaChairwell,4Dec2026,09:00." in _text(signed)
    assert "notsignedyet" not in _text(signed)
    assert signed.code != MINUTES.code
    assert "Whatfollowswasaddedlater" not in _text(signed)


def test_what_became_of_it_since_stands_apart_and_changes_no_code() -> None:
    signed = replace(MINUTES, signed="Dr. Carla Chairwell, 4 Dec 2026, 09:00")
    later = replace(signed, since=(LastTime("DUMMY, Fern", "SSTR PET/CT", "done later"),))
    text = _text(later)
    assert later.code == signed.code
    assert replace(signed, last_time=()).code != signed.code
    assert "Statewhenprinted" not in text
    assert text.index("donelater") > text.index("Whatfollowswasaddedlater") > text.index("Signatureofthechair")


def test_an_addendum_stands_below_and_changes_neither_text_nor_code() -> None:
    signed = replace(MINUTES, signed="Dr. Carla Chairwell, 4 Dec 2026, 09:00")
    added = replace(
        signed, addenda=(Addendum("Dr. Noah Tracer", "5 Dec 2026, 08:00", "The PET is on 7 Dec.", "Case 1"),)
    )
    assert added.code == signed.code
    assert "ThePETison7Dec." in _text(added)
    assert _text(added).index("Addenda") > _text(added).index("Signatureofthechair")


def test_equal_minutes_are_equal_bytes_and_tagged() -> None:
    assert minutes_pdf(MINUTES, PRINTING) == minutes_pdf(MINUTES, PRINTING)
    root = PdfReader(io.BytesIO(minutes_pdf(MINUTES, PRINTING))).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data().decode()


def test_a_meeting_without_cases_has_minutes_as_well() -> None:
    assert "0cases" in _text(replace(MINUTES, cases=(), last_time=(), present=(), excused=()))
