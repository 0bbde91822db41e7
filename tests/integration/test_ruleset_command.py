"""`manage.py ruleset`: a version out as a file and checked on its way in, what differs in sentences, and bad input."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from pathways import exchange
from pathways.knowledge.one_file import from_yaml, to_yaml
from pathways.models import RulesetVersion
from pathways.selectors import ruleset_in_force, version_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def published() -> RulesetVersion:
    call_command("load_pathway", verbosity=0, stdout=io.StringIO())
    return version_in_force()


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("ruleset", *arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def changed(tmp_path: Path, before: str, after: str) -> Path:
    """The version in force as a file with one thing changed."""
    text = to_yaml(ruleset_in_force().ruleset)
    assert before in text
    path = tmp_path / "changed.yaml"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return path


def test_export_gives_yaml_or_the_canonical_json_of_the_version_in_force(published: RulesetVersion) -> None:
    status, yaml, _ = run("export")
    assert (status, from_yaml(yaml).digest) == (0, published.digest)
    assert run("export", "--format", "json", "--number", "1") == (0, f"{version_in_force().content}\n", "")


def test_export_writes_a_file_that_import_finds_unchanged(published: RulesetVersion, tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    status, said, _ = run("export", "--out", str(path))
    assert (status, said) == (0, f"NET pathway v1 was written to {path}, {published.digest}.\n")
    assert run("import", str(path)) == (
        0,
        "Against NET pathway v1, the version in force:\nNothing differs: both have the same content.\n"
        f"{published.digest}. The file was checked and nothing was changed.\n",
        "",
    )


def test_import_says_what_differs_and_changes_nothing(published: RulesetVersion, tmp_path: Path) -> None:
    path = changed(
        tmp_path, "{feature: ki67_percent, op: '<=', value: 10}", "{feature: ki67_percent, op: '<=', value: 20}"
    )
    status, said, _ = run("import", str(path))
    assert status == 0
    assert "definition low_ki67 (Low Ki-67): changed\n  Condition: Ki-67 up to 10 % → up to 20 %\n" in said
    assert said.endswith("The file was checked and nothing was changed.\n")
    assert RulesetVersion.objects.count() == 1


def test_import_before_anything_is_published_says_what_the_file_holds(
    published: RulesetVersion, tmp_path: Path
) -> None:
    path = changed(tmp_path, "code: starter", "code: other")
    assert run("import", str(path))[1].startswith(
        "No version of other is published. This file has:\noptions: 48 added\n"
    )


def test_a_faulty_file_is_refused_with_every_fault_and_exit_status_2(published: RulesetVersion, tmp_path: Path) -> None:
    path = changed(tmp_path, "effect: indication", "effect: cure")
    for verb in ("import", "verify"):
        status, said, errors = run(verb, str(path))
        assert (status, said) == (2, "")
        assert errors.startswith("The file is refused, and nothing was changed.\nchanged.yaml, line ")
        assert "rule SURV-I1: effect is" in errors


@pytest.mark.parametrize("arguments", [("import", "absent.yaml"), ("import", "."), ("verify", ".")])
def test_a_file_that_cannot_be_opened_is_exit_status_1(published: RulesetVersion, arguments: tuple[str, ...]) -> None:
    status, said, errors = run(*arguments)
    assert (status, said) == (1, "")
    assert errors in (f"{arguments[1]}: No such file or directory.\n", ".: Is a directory.\n")


def test_a_version_that_is_not_there_is_named_with_those_that_are(published: RulesetVersion) -> None:
    assert run("export", "--number", "7") == (1, "", "There is no version 7. Published are: 1.\n")
    for arguments in (("diff", "1", "nowhere"), ("verify", "nowhere")):
        assert run(*arguments) == (1, "", "nowhere is neither the number of a version nor a file.\n")


def test_before_anything_is_published_the_remedy_is_named() -> None:
    status, _, errors = run("export")
    assert (status, errors) == (
        1,
        "No ruleset is published. Load the starter pathway with: python manage.py load_pathway\n",
    )


def test_diff_takes_numbers_and_files(published: RulesetVersion, tmp_path: Path) -> None:
    path = changed(tmp_path, "rarely spread and can be watched", "seldom spread and can be watched")
    assert run("diff", "1", "1") == (0, "Nothing differs: both have the same content.\n", "")
    assert run("diff", "1", str(path))[1] == (
        "rule SURV-I1 (Pancreatic, low grade, up to 20 mm): changed\n  Rationale: “rarely” → “seldom”\n"
    )


def test_verify_tries_digests_and_test_patients(published: RulesetVersion) -> None:
    status, said, errors = run("verify")
    assert (status, errors) == (0, "")
    assert f"NET pathway v1: {published.digest} holds.\n" in said
    assert "1013 cases of rules and 0 test patients tried: 0 differ.\n" in said


def test_verify_takes_a_version_by_its_number_as_diff_does(published: RulesetVersion) -> None:
    status, said, errors = run("verify", "1")
    assert (status, errors) == (0, "")
    assert "73 of 73 invariants proved over every possible patient." in said
    status, said, errors = run("verify", "7")
    assert (status, said) == (1, f"{published}: {published.digest} holds.\n" if said else "")
    assert errors.startswith("There is no version 7. Published are: 1.")


def test_verify_names_a_test_patient_that_comes_out_otherwise(published: RulesetVersion, tmp_path: Path) -> None:
    path = changed(tmp_path, "'true': {hormone_syndrome: catecholamine}", "'true': {hormone_syndrome: none}")
    status, said, errors = run("verify", str(path))
    assert status == 1
    assert errors == "rule case CVD-C3 true: CVD-C3: true is expected, it is false.\n"
    assert "tried: 1 differ.\n" in said


def test_verify_names_a_broken_invariant_with_a_patient(published: RulesetVersion, tmp_path: Path) -> None:
    path = changed(
        tmp_path, "{feature: krenning_score, op: '<=', value: 1}", "{feature: krenning_score, op: '<=', value: 0}"
    )
    status, said, errors = run("verify", str(path))
    assert status == 1
    assert "broken: INV-03 is broken: “PRRT with 177Lu-DOTATATE” is possible" in errors
    assert "72 of 73 invariants proved over every possible patient." in said


def test_what_is_not_proved_in_time_is_a_fault(published: RulesetVersion) -> None:
    lines = list(exchange.proved(ruleset_in_force().ruleset, budget_ms=1))
    assert exchange.Line("Not proved: the time did not suffice for all of it.", fault=True) in lines


def test_schema_is_json(published: RulesetVersion) -> None:
    assert json.loads(run("schema")[1])["title"] == "A netcare ruleset"


def test_assess_reads_the_yaml_file_as_well(
    published: RulesetVersion, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in.json").write_text('{"id": "x", "features": {"ki67_percent": 8}}', encoding="utf-8")
    path = tmp_path / "one.yaml"
    run("export", "--out", str(path))
    answers = []
    for extra in ((), ("--ruleset", str(path))):
        with pytest.raises(SystemExit):
            call_command("assess", str(tmp_path / "in.json"), *extra)
        answers.append(capsys.readouterr().out)
    assert answers[0]
    assert answers[0] == answers[1]
