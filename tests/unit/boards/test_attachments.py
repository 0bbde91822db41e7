"""What may be attached: type by content, size, pages, passwords, structure; each refusal is a sentence about this file."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boards.attachments.checking import check, shown_name
from boards.attachments.problems import AttachmentRefused
from netcare.uploads import MOST_BYTES
from tests.unit.boards import hostile

WHOLE_PDF, WHOLE_PNG, WHOLE_JPEG = hostile.pdf(3), hostile.png(640, 480), hostile.jpeg(640, 480)


def test_a_pdf_a_png_and_a_jpeg_are_told_by_their_content() -> None:
    report = check("CT report.pdf", WHOLE_PDF)
    assert (report.kind, report.content_type, report.pages, report.size) == (
        "pdf",
        "application/pdf",
        3,
        len(WHOLE_PDF),
    )
    picture = check("slide.png", WHOLE_PNG)
    assert (picture.content_type, picture.width, picture.height) == ("image/png", 640, 480)
    photo = check("photo.JPG", WHOLE_JPEG)
    assert (photo.content_type, photo.width, photo.height) == ("image/jpeg", 640, 480)
    assert check("without ending", WHOLE_PNG).kind == "png"
    assert check("many.pdf", hostile.pdf(299)).pages == 299
    assert check("only the owner's password.pdf", hostile.pdf(2, password="", owner="secret")).pages == 2


REFUSED = [
    ("empty.pdf", b"", "The file empty.pdf is empty."),
    ("large.pdf", b"%PDF-" + b"\x00" * MOST_BYTES, "The file large.pdf has 10.0 MB. Accepted are"),
    ("scan.pdf", WHOLE_PNG, "The file scan.pdf is a PNG image by its content, but its name ends with .pdf."),
    ("photo.png", WHOLE_JPEG, "The file photo.png is a JPEG image by its content, but its name ends with .png."),
    ("photo.jpg", WHOLE_PDF, "The file photo.jpg is a PDF by its content, but its name ends with .jpg."),
    ("report.pdf.exe", WHOLE_PDF, "but its name ends with .exe."),
    ("report.pdf", b"MZ\x90\x00" + b"\x00" * 200, "is neither a PDF nor a PNG nor a JPEG, whatever its name says."),
    ("page.pdf", b"<html><script>alert(1)</script></html>", "is neither a PDF nor a PNG nor a JPEG"),
    ("page.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "is neither a PDF nor a PNG"),
    ("first.pdf", b"\n\n" + WHOLE_PDF, "is neither a PDF nor a PNG nor a JPEG"),
    ("archive.pdf", b"PK\x03\x04" + WHOLE_PDF, "is neither a PDF nor a PNG nor a JPEG"),
    ("series.dcm", b"\x00" * 128 + b"DICM" + b"\x00" * 50, "is a DICOM file. Attach its report as PDF"),
    ("secret.pdf", hostile.pdf(1, password="secret"), "The PDF secret.pdf is protected by a password."),
    ("thick.pdf", hostile.pdf(300), "The PDF thick.pdf has 300 pages or more."),
    ("nothing.pdf", hostile.pdf(0), "The PDF nothing.pdf has no pages."),
    ("loop.pdf", hostile.pdf_that_points_at_itself(), "The PDF loop.pdf is damaged and cannot be opened."),
    ("half.pdf", WHOLE_PDF[: len(WHOLE_PDF) // 3], "The PDF half.pdf is damaged and cannot be opened."),
    ("head.pdf", b"%PDF-1.7\n", "The PDF head.pdf is damaged and cannot be opened."),
    ("script.pdf", hostile.pdf(1, script="app.alert(1)"), "contains a program (JavaScript)."),
    ("launch.pdf", hostile.pdf_that_starts_a_program(), "contains a command to start another program."),
    ("carrier.pdf", hostile.pdf(1, inside=True), "contains other files inside it."),
    ("bomb.png", hostile.png(60_000, 60_000), "The image bomb.png has 60000 × 60000 pixels."),
    ("flat.png", hostile.png(0, 10), "The image flat.png has 0 × 10 pixels."),
    ("wide.jpg", hostile.jpeg(65_535, 1), "The image wide.jpg has 65535 × 1 pixels."),
    ("area.png", hostile.png(29_000, 29_000), "million pixels in all."),
    ("cut.png", WHOLE_PNG[:-8], "The image cut.png is damaged"),
    ("more.png", hostile.png(after=b"PK\x03\x04"), "something else follows the picture"),
    ("sum.png", WHOLE_PNG[:40] + b"\xff" + WHOLE_PNG[41:], "a check sum in it does not fit"),
    ("only head.png", b"\x89PNG\r\n\x1a\n", "its end is missing"),
    ("long.png", b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR" + b"\x00" * 30, "longer than the file"),
    ("cut.jpg", WHOLE_JPEG[:-2], "its end is missing"),
    ("three.jpg", b"\xff\xd8\xff", "is damaged"),
    ("zero.jpg", b"\xff\xd8\xff\xe0\x00\x00" + b"\x00" * 20, "longer than the file"),
    ("end.jpg", b"\xff\xd8\xff\xd9", "it has no picture in it"),
]


@pytest.mark.parametrize(("name", "data", "sentence"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_not_accepted_is_refused_in_one_sentence(name: str, data: bytes, sentence: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(AttachmentRefused) as refused:
        check(name, data)
    assert sentence in str(refused.value)
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)
    assert time.perf_counter() - begun < 5


def test_a_count_of_pages_that_lies_is_not_believed() -> None:
    assert check("count.pdf", hostile.pdf_that_promises(1_000_000)).pages == 1


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\report.pdf", "report.pdf"),
        ("re\x00po\x1brt\r\n.pdf", "report.pdf"),
        ("rep\u202eortfdp.exe", "report" + "fdp.exe"),
        ('<img src=x onerror="1">.png', "img src=x onerror=1.png"),
        ("", "without a name"),
        ("...", "without a name"),
        ("Bericht Müller 患者.pdf", "Bericht Müller 患者.pdf"),
    ],
)
def test_a_name_is_only_its_last_part_without_signs_that_do_things(given_name: str, shown: str) -> None:
    assert shown_name(given_name) == shown


def test_a_long_name_keeps_its_ending() -> None:
    short = shown_name("a" * 400 + ".pdf")
    assert len(short) <= 120
    assert short.endswith("….pdf")


@settings(max_examples=300, deadline=None)
@given(
    whole=st.sampled_from([WHOLE_PDF, WHOLE_PNG, WHOLE_JPEG]),
    at=st.floats(0, 1),
    rest=st.binary(max_size=40),
    cut=st.booleans(),
)
def test_however_a_file_is_damaged_it_is_accepted_or_refused_and_nothing_else(
    whole: bytes, at: float, rest: bytes, cut: bool
) -> None:
    place = int(at * len(whole))
    data = whole[:place] + rest + (b"" if cut else whole[place + len(rest) :])
    try:
        checked = check("damaged", data)
    except AttachmentRefused:
        return
    assert checked.kind in ("pdf", "png", "jpeg")
    assert checked.size == len(data)
