"""`manage.py assess`: what it prints, what it refuses in which words, and how it ends."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from pathways.engine import canonical_json
from pathways.knowledge import starter
from tests.faults import break_comparisons

pytestmark = pytest.mark.usefixtures("published")


def run(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], str]:
    """Exit status, lines of standard output, standard error."""
    path = tmp_path / "in.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        call_command("assess", str(path), *arguments)
    captured = capsys.readouterr()
    return int(ended.value.code or 0), captured.out.splitlines(), captured.err


def test_one_object_gives_one_line_in_the_form_of_the_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines, errors = run('{"id": "p1", "features": {"ki67_percent": 8.0}}', tmp_path, capsys)
    data = json.loads(lines[0])
    assert (status, len(lines), errors) == (0, 1, "")
    assert list(data) == [
        "id", "engine", "ruleset", "complete", "options", "missing", "implied", "inapplicable", "assumed",
        "contradictions",
    ]  # fmt: skip
    assert (data["id"], data["engine"], data["complete"], data["ruleset"]["version"]) == ("p1", 1, True, 1)
    assert list(data["options"][0]) == ["code", "status", "rules", "cautions", "cautions_unknown", "missing"]
    assert list(data["options"][0]["rules"][0]) == ["code", "effect", "value", "rationale", "sources", "trace"]


def test_two_and_two_point_nought_give_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = run('{"id": "x", "features": {"ki67_percent": 2, "ecog": 1}}', tmp_path, capsys)
    second = run('{"features": {"ecog": 1.0, "ki67_percent": 2.00}, "id": "x"}', tmp_path, capsys)
    assert first == second


def test_a_bad_object_does_not_stop_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = '{"id": "bad", "features": {"krenning_score": 7}}'
    text = f'[{{"id": "good", "features": {{}}}}, {bad}, {{"id": "too", "features": {{}}}}]'
    status, lines, errors = run(text, tmp_path, capsys)
    assert [json.loads(line)["id"] for line in lines] == ["good", "too"]
    assert (status, errors) == (
        2,
        "bad: krenning_score: 7 is outside the range; accepted is a whole number from 0 to 4.\n",
    )


REFUSED = [
    (
        '{"ki67": 3}',
        "x: ki67: there is no such feature, so 3 is not read; accepted are the 52 features of the data dictionary, "
        "from age_years to planned_procedure. Did you mean ki67_percent?",
    ),
    ('{"krenning_score": true}', "x: krenning_score: true is not a number; accepted is a whole number from 0 to 4."),
    (
        '{"krenning_score": 2.5}',
        "x: krenning_score: 2.5 is not a whole number; accepted is a whole number from 0 to 4.",
    ),
    (
        '{"egfr_ml_min": "64"}',
        'x: egfr_ml_min: "64" is not a number; accepted is a number from 0 to 200 (mL/min/1.73m2).',
    ),
    (
        '{"egfr_ml_min": NaN}',
        'x: egfr_ml_min: "NaN" is not a number; accepted is a number from 0 to 200 (mL/min/1.73m2).',
    ),
    (
        '{"egfr_ml_min": 1e-40000}',
        'x: egfr_ml_min: "1E-40000" has too many digits; accepted is a number from 0 to 200 (mL/min/1.73m2).',
    ),
    ('{"grade": null}', "x: grade: null is not a value; leave the feature out if it is unknown."),
    ('{"grade": "g2"}', 'x: grade: "g2" is not accepted; accepted is one of G1, G2 or G3.'),
    ('{"mibg_avid": "yes"}', 'x: mibg_avid: "yes" is not accepted; accepted is true or false.'),
    ('{"grade": "G1", "grade": "G2"}', "x: grade: the key stands twice; which of the two is meant cannot be known."),
]


@pytest.mark.parametrize(("features", "sentence"), REFUSED)
def test_bad_values_are_refused_with_object_field_value_and_what_is_allowed(
    features: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines, errors = run(f'{{"id": "x", "features": {features}}}', tmp_path, capsys)
    assert (status, lines, errors) == (2, [], sentence + "\n")


def test_half_a_character_and_a_number_no_machine_holds_are_refused_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    half = '{"id": "\\ud800", "features": {}}'
    huge = '{"id": "h", "features": {"egfr_ml_min": 1e9999999999999999999999}}'
    status, lines, errors = run(f'[{half}, {huge}, {{"id": "c", "features": {{}}}}]', tmp_path, capsys)
    assert (status, [json.loads(line)["id"] for line in lines]) == (2, ["c"])
    assert errors.splitlines() == [
        "object 1: A text in it holds half a character (a lone surrogate) and cannot be read.",
        'h: egfr_ml_min: "1e9999999999999999999999" is not a number; accepted is a number from 0 to 200 '
        "(mL/min/1.73m2).",
    ]


def test_a_repeated_member_of_a_set_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, lines, errors = run('{"id": "x", "features": {"symptoms": ["pain", "pain"]}}', tmp_path, capsys)
    assert lines == []
    assert errors.startswith('x: symptoms: "pain" stands twice; accepted is a list of flushing, diarrhea,')


MALFORMED = [
    ("no json", "The text is not JSON: Expecting value at line 1, column 1."),
    ('{"id": 3, "features": {}}', 'object 1: "id" is 3, not a text.'),
    ('{"features": {}}', 'object 1: "id" is missing; any text.'),
    (
        '{"id": "x"}',
        'x: "features" is missing; accepted is an object of feature names and values, {} where nothing is known.',
    ),
    (
        '{"id": "x", "features": {}, "feature": 1}',
        'x: "feature" is not accepted; accepted are "id" and "features". Did you mean features?',
    ),
    ("[3]", 'object 1: 3 is not an object of the form {"id": "any text", "features": {…}}.'),
    ("[" * 100_000, "The text is not accepted: its lists and objects are nested too deep."),
]


@pytest.mark.parametrize(("text", "sentence"), MALFORMED, ids=range(len(MALFORMED)))
def test_what_is_not_a_request_is_refused(
    text: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(text, tmp_path, capsys) == (2, [], sentence + "\n")


def test_json_lines_are_read_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = '{"id": "a", "features": {}}\n\n{"id": "b"\n{"id": "c", "features": {}}\n'
    status, lines, errors = run(text, tmp_path, capsys, "--jsonl")
    assert (status, [json.loads(line)["id"] for line in lines]) == (2, ["a", "c"])
    assert errors == "line 3: The text is not JSON: Expecting ',' delimiter at line 1, column 11.\n"


def test_text_that_is_not_utf8_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "latin1.json"
    path.write_bytes('{"id": "Müller", "features": {}}'.encode("latin-1"))
    with pytest.raises(SystemExit) as ended:
        call_command("assess", str(path))
    assert ended.value.code == 2
    assert capsys.readouterr().err == "The text is not UTF-8: byte 10 cannot be read.\n"


def test_a_missing_file_and_a_missing_ruleset_are_exit_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("assess", str(tmp_path / "absent.json"))
    assert ended.value.code == 1
    assert "absent.json cannot be read: No such file or directory." in capsys.readouterr().err


def test_an_exported_ruleset_gives_the_same_bytes_as_the_published_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = '{"id": "x", "features": {"primary_site": "pancreas"}}'
    published = run(request, tmp_path, capsys)
    exported = io.StringIO()
    call_command("ruleset", "export", stdout=exported)
    path = tmp_path / "ruleset.json"
    path.write_text(exported.getvalue(), encoding="utf-8")
    assert run(request, tmp_path, capsys, "--ruleset", str(path)) == published


def test_a_faulty_ruleset_file_is_named_with_every_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data: dict[str, Any] = starter()
    broken = {**data, "rules": [{**data["rules"][0], "option": "watching"}, *data["rules"][1:]]}
    path = tmp_path / "ruleset.json"
    path.write_text(canonical_json(broken), encoding="utf-8")
    status, lines, errors = run('{"id": "x", "features": {}}', tmp_path, capsys, "--ruleset", str(path))
    assert (status, lines) == (1, [])
    assert errors == f"{path} is not a ruleset: rule SURV-I1: There is no option 'watching'.\n"


def test_a_fault_in_one_rule_is_not_assessed_incomplete_and_exit_status_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    break_comparisons(monkeypatch, "main_duct_distance_mm")
    status, lines, _ = run('{"id": "x", "features": {"main_duct_distance_mm": 2}}', tmp_path, capsys)
    data = json.loads(lines[0])
    faulty = [option for option in data["options"] if option["status"] == "not_assessed"]
    assert (status, data["complete"]) == (3, False)
    assert [option["code"] for option in faulty] == ["enucleation"]
    assert faulty[0]["rules"] == []
    assert faulty[0]["error"] == (
        "Not assessed because of a fault in the program (rule ENUC-E3, ENUC-C2 could not be evaluated); "
        "tell those who run it."
    )
