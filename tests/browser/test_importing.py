"""A coordinator fills in the template, sends it with bad rows in it, corrects those, and sends them again."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

AsPerson = Callable[[str], Page]


def _given_the_template(page: Page, folder: Path) -> Path:
    page.goto("/patients/")
    page.get_by_role("link", name="Import", exact=True).click()
    page.wait_for_url(re.compile(r"/patients/import/$"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Workbook with four sheets").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def _filled_in(template: Path, tag: str) -> Path:
    """Two patients; of the second one the birth date is ambiguous, and of the first one Ki-67 has no sign."""
    book = load_workbook(template)
    born = "1964-03-14"
    for mrn, birth in ((f"{tag}-1", born), (f"{tag}-2", "11/12/1964")):
        book["patients"].append([mrn, "Fromfile", "Fern", birth, "female", "NET team"])
    for feature, value in (("primary_site", "small bowel"), ("grade", "G2"), ("ki67_percent", 0.15)):
        book["findings"].append([f"{tag}-1", born, None, feature, value, None, "2026-01-12", "pathology"])
    book["findings"].append([f"{tag}-1", born, None, "ecog", "=1+0", None, "2026-01-12", "clinic"])
    book["treatments"].append([f"{tag}-1", born, "lanreotide", "Mar 2025", "still given"])
    path = template.with_name("filled.xlsx")
    book.save(path)
    return path


def _send(page: Page, path: Path) -> None:
    page.goto("/patients/import/")
    page.locator("#id_file").set_input_files(path)
    page.get_by_role("button", name="Show what it would do").click()
    page.wait_for_url(re.compile(r"/patients/import/[0-9a-f-]{36}/$"))


def _counts(page: Page) -> dict[str, int]:
    told = page.locator(".import-counts a").all_inner_texts()
    return {word: int(number) for number, word in (text.split(maxsplit=1) for text in told)}


def _then_applied(page: Page) -> None:
    page.wait_for_url(re.compile(r"/report/"))
    expect(page.locator(".notice-success")).to_contain_text("What was entered is in the record", timeout=60_000)


def test_from_the_template_to_the_applied_import_with_bad_rows_on_the_way(
    as_person: AsPerson, accessible: Callable[[], None], tmp_path: Path, pictures: Path
) -> None:
    page = as_person("coordinator")
    tag = f"FILE{uuid4().hex[:6].upper()}"
    template = _given_the_template(page, tmp_path)
    accessible()

    _send(page, _filled_in(template, tag))
    assert _counts(page) == {"new": 4, "changed": 0, "same": 0, "conflicting": 0, "refused": 3}
    main = page.locator("main")
    expect(main).to_contain_text("“11/12/1964” could be 11 Dec 1964 or 12 Nov 1964.")
    expect(main).to_contain_text("Ki-67: “0.15” could be 15 % or 0.15 %. Write it with the sign %.")
    expect(main).to_contain_text("Cell E6: a formula. Type the value itself, or paste the values only.")
    accessible()
    page.screenshot(path=pictures / "import-preview.png", full_page=True)
    page.get_by_role("link", name="3 refused").click()
    expect(page.locator(".group-row")).to_have_count(3)

    page.get_by_role("button", name="Apply 4 rows").click()
    page.goto("/pathway/")  # leaving does not stop the work
    page.go_back()
    _then_applied(page)
    assert _counts(page) == {"applied": 4, "on record already": 0, "not applied": 3, "waiting": 0}
    accessible()
    page.screenshot(path=pictures / "import-report.png", full_page=True)
    page.get_by_role("link", name=re.compile(f"MRN {tag}-1")).click()
    expect(page.locator("main")).to_contain_text("Lanreotide")

    page.go_back()
    corrected = _corrected(page, "findings", tmp_path, {"0.15": "15 %", "'=1+0": "1"})
    _send(page, corrected)
    assert _counts(page) == {"new": 2, "changed": 0, "same": 0, "conflicting": 0, "refused": 0}
    page.get_by_role("button", name="Apply 2 rows").click()
    _then_applied(page)

    _send(page, corrected)
    assert _counts(page)["same"] == 2
    expect(page.locator("main")).to_contain_text("No row is new or changed, so there is nothing to apply.")
    page.get_by_role("button", name="Discard this import").click()
    expect(page.locator("main")).to_contain_text("its rows are forgotten, and nothing was entered")


def _corrected(page: Page, kind: str, folder: Path, values: dict[str, str]) -> Path:
    """The rows that were not taken, downloaded, their values corrected as a person would."""
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Rows not taken: {kind}").click()
    path: Path = folder / "corrected.csv"
    download.value.save_as(path)
    rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    for row in rows:
        row["value"] = values[row["value"]]
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_file_that_cannot_be_read_is_said_beside_the_field(
    as_person: AsPerson, accessible: Callable[[], None], tmp_path: Path, watched: Any
) -> None:
    page = as_person("coordinator")
    watched.expect_status(422)
    for content, sentence in (
        (b"%PDF-1.7", "The file is a PDF. Accepted are CSV and XLSX files of up to 10 MB."),
        (b"x" * (11 * 1024 * 1024), "The file is larger than 10 MB, so it was not read."),
    ):
        path = tmp_path / "table.csv"
        path.write_bytes(content)
        page.goto("/patients/import/")
        page.locator("#id_file").set_input_files(path)
        page.get_by_role("button", name="Show what it would do").click()
        expect(page.locator(".field-error")).to_contain_text(sentence)
    accessible()
