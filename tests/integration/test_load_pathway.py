"""`manage.py load_pathway`: what it says, what it changes, and that a published version cannot be altered."""

import io
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from netcare.audit.models import AuditEvent
from pathways import selectors
from pathways.drafting.content import Place, changed_places, entry_at, entry_digest
from pathways.drafts.editing import Edit, open_draft, save_entry
from pathways.drafts.gate import blockers
from pathways.drafts.updating import bring_up_to_date
from pathways.engine import read_json
from pathways.knowledge.files import STARTER
from pathways.models import Draft, RulesetVersion, Step
from patients.actions import Refused
from tests.cast import acting, gather

pytestmark = pytest.mark.django_db


def load(*arguments: str) -> str:
    out = io.StringIO()
    call_command("load_pathway", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of the knowledge files that a test may change."""
    return Path(shutil.copytree(STARTER, tmp_path / "starter"))


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_the_first_load_publishes_version_1_and_says_what_it_added() -> None:
    said = load()
    version = RulesetVersion.objects.get()
    assert "  options: 48 added\n" in said
    assert "  rules: 348 added\n" in said
    assert said.endswith(f"Published NET pathway v1, {version.digest}.\n")
    assert AuditEvent.objects.filter(action="ruleset.publish", subject="starter v1").count() == 1


def test_a_second_load_changes_nothing_and_says_so() -> None:
    load()
    assert load() == "Unchanged: NET pathway v1 holds these files already.\n"
    assert RulesetVersion.objects.count() == 1


def test_files_that_differ_are_named_rule_by_rule_and_published_only_when_asked(files: Path) -> None:
    load()
    change(files / "rules.yaml", "rarely spread and can be watched", "seldom spread and can be watched")
    said = load("--directory", str(files))
    assert said.splitlines()[:2] == [
        "  rule SURV-I1 (Pancreatic, low grade, up to 20 mm): changed",
        "    Rationale: “rarely” → “seldom”",
    ]
    assert "nothing was changed" in said
    assert RulesetVersion.objects.count() == 1
    said = load("--directory", str(files), "--as-new-version")
    assert "Published NET pathway v2, sha256:" in said
    assert [v.version for v in selectors.versions()] == [2, 1]
    assert selectors.ruleset_in_force().ruleset.version == 2


def test_a_draft_that_was_open_is_brought_up_to_the_loaded_version_with_its_dictionary(files: Path) -> None:
    load()
    edda = acting(gather().edda)
    now = timezone.now()
    draft = open_draft(
        actor=edda, title="Meanwhile", note="", base=RulesetVersion.objects.get(), taken_from=None, now=now
    )
    for code in ("PRRT-C4", "SURV-I1"):
        held = entry_at(read_json(draft.content), Place("rules", code))
        assert held is not None
        wanted = Edit(Place("rules", code), {**held, "title": "Mine"}, entry_digest(held))
        save_entry(actor=edda, draft=draft, edit=wanted, now=now)
    change(files / "rules.yaml", "rarely spread and can be watched", "seldom spread and can be watched")
    change(files / "features.yaml", "title: Surgical risk,", "title: Risk of an operation,")
    load("--directory", str(files), "--as-new-version")
    draft.refresh_from_db()
    said = [one.sentence for one in blockers(draft, Step.SUBMIT, now)]
    assert (
        said[0] == "The draft stands on NET pathway v1, and NET pathway v2 is in force now: bring it up to date first."
    )
    with pytest.raises(Refused, match="changed these too: rule SURV-I1"):
        bring_up_to_date(actor=edda, draft=draft, choices={}, now=now)
    bring_up_to_date(actor=edda, draft=draft, choices={"rule SURV-I1": "theirs"}, now=now)
    draft = Draft.objects.select_related("base").get()
    content, base = read_json(draft.content), read_json(draft.base.content)
    assert (draft.base.version, content["dictionary"]) == (2, base["dictionary"])
    assert [str(one.place) for one in changed_places(base, content)] == ["rule PRRT-C4"]


def test_a_corrupt_file_stops_the_load_before_anything_changes(files: Path) -> None:
    change(files / "rules.yaml", "value: pancreas}", "value: pancreatic}")
    with pytest.raises(CommandError) as refused:
        load("--directory", str(files))
    text = str(refused.value)
    assert text.startswith("The pathway was not loaded, and nothing was changed.\n")
    assert "SURV-I1" in text
    assert "rules.yaml" in text
    assert '"pancreatic" is not accepted' in text
    assert RulesetVersion.objects.count() == 0


def test_before_anything_is_published_nothing_is_assessed_and_the_remedy_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in.json").write_text('{"id": "x", "features": {}}')
    with pytest.raises(SystemExit) as ended:
        call_command("assess", str(tmp_path / "in.json"))
    captured = capsys.readouterr()
    assert (ended.value.code, captured.out) == (1, "")
    assert captured.err == "No ruleset is published. Load the starter pathway with: python manage.py load_pathway\n"


ATTACKS = [
    "UPDATE pathways_rulesetversion SET content = '{}'",
    "UPDATE pathways_rulesetversion SET digest = 'sha256:0'",
    "DELETE FROM pathways_rulesetversion",
]


@pytest.mark.parametrize("statement", ATTACKS)
def test_a_published_version_cannot_be_altered(statement: str) -> None:
    load()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert load() == "Unchanged: NET pathway v1 holds these files already.\n"


def test_a_version_whose_content_is_not_what_was_published_is_not_used() -> None:
    load()
    version = selectors.version_in_force()
    version.digest = "sha256:" + "0" * 64
    with pytest.raises(selectors.VersionDamaged, match="Nothing is assessed under it"):
        selectors.ruleset_of(version)
