"""One entry of a draft while it is edited: the form, the condition builder, the entry in force, a conflict.

What it refuses to do: save. Called by the entry view.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from netcare.access import Actor
from pathways.drafting.conditions import ConditionForm
from pathways.drafting.content import Data, Place, entry_at, entry_digest
from pathways.drafts.editing import EditConflict
from pathways.drafts.policies import may_edit
from pathways.drafts.selectors import ruleset_of_draft, what_an_edit_ends
from pathways.engine import Ruleset, read_json
from pathways.forms.entries import FORMS
from pathways.models import Draft
from pathways.presenters.draft_conflict import ConflictView, conflict_view
from pathways.presenters.draft_effect_short import ShortEffect, short_effect
from pathways.presenters.drafts import EntryGroup, entry_groups, entry_title
from pathways.presenters.rule_words import in_words, invariant_words
from pathways.presenters.words import count
from pathways.selectors import ruleset_of

# The condition's fields begin with this.
PREFIX = "when"


class EntryEditor:
    """The form of one entry, with its condition where it has one; built from the draft or from what was posted."""

    def __init__(self, draft: Draft, part: str, code: str, posted: QueryDict | None, url: str) -> None:
        """`url` answers the builder's verbs. Raises ConditionRefused for posted fields that are no condition."""
        self.draft, self.part, self.code, self.url = draft, part, code, url
        self.ruleset = ruleset_of_draft(draft)
        content = read_json(draft.content)
        place = Place(part, code)
        self.entry = entry_at(content, place) if code else None
        self.in_force = entry_at(read_json(draft.base.content), place) if code else None
        shown = self.entry or self.in_force
        self.form = FORMS[part](posted, ruleset=self.ruleset, entry=shown, code=code)
        if posted is None:
            self.form.initial["seen"] = entry_digest(self.entry)
        self.builder = self._builder(posted, shown)

    def _builder(self, posted: QueryDict | None, shown: Data | None) -> ConditionForm | None:
        if not self.form.has_condition:
            return None
        if self.part == "invariants" and shown and shown.get("for_each"):
            return None
        whole = {
            "ruleset": self.ruleset,
            "prefix": PREFIX,
            "url": self.url,
            "definition": self.code if self.part == "definitions" else "",
            "before": _sentence(ruleset_of(self.draft.base), self, self.in_force),
            "before_label": f"In force, {self.draft.base}",
        }
        if posted is not None:
            return ConditionForm.from_post(posted, **whole)
        return ConditionForm.from_data((shown or {}).get("when"), **whole)

    def seen_by_now(self, conflict: EditConflict) -> None:
        """After a conflict the other wording is on the page: saving again is a choice made in its sight."""
        self.form.data = self.form.data.copy()
        self.form.data["seen"] = entry_digest(conflict.theirs)

    def edits_condition(self) -> bool:
        """Whether what was posted is a verb of the builder, which was then carried out, rather than a save."""
        return self.builder is not None and self.builder.apply_verb()

    def is_valid(self) -> bool:
        """Whether form and condition are whole; what is missing stands at its field."""
        return self.form.is_valid() and not (self.builder and self.builder.problems)

    def place(self) -> Place:
        """Where the entry is kept."""
        return self.form.place()

    def value(self) -> Data:
        """The entry as it shall be. Only for a valid form."""
        held = (self.entry or self.in_force or {}).get("when")
        condition = self.builder.data() if self.builder else held
        if held is not None and _without_order(condition) == _without_order(held):
            condition = held  # values were only put into the order of the dictionary
        value = self.form.entry(condition)
        return {**value, **self._worded(value)}

    def _worded(self, value: Data) -> Data:
        """What is generated or kept rather than typed: the sentence of an invariant, and its being for each option."""
        if self.part != "invariants":
            return {}
        titles = ", ".join(self.ruleset.option(code).title for code in value["options"])
        if self.builder is None:
            held = self.entry or {}
            return {"sentence": held.get("sentence", ""), "for_each": held["for_each"]}
        held = self.entry or {}
        kept = ("options", "when", "never", "always", "holds_for")
        if held and all(held.get(name) == value.get(name) for name in kept):
            return {"sentence": held["sentence"]}
        how = "never" if value.get("never") else "always"
        statuses = " or ".join(word.replace("_", " ") for word in value[how])
        return {"sentence": f"If {self.builder.sentence().rstrip('.')}: {titles} {how} {statuses}."[:1200]}

    def stands_after(self) -> str | None:
        """Behind which entry a new rule stands: the last one of its option and effect, or of its option."""
        if self.part != "rules" or self.code:
            return None
        cleaned = self.form.cleaned_data
        same = [r.code for r in self.ruleset.rules if r.option == cleaned["option"]]
        alike = [c for c in same if self.ruleset.rule(c).effect == cleaned["effect"]]
        return (alike or same or [None])[-1]


def _without_order(condition: Any) -> Any:
    """The condition with the values of each comparison in one order: it means the same in any."""
    if isinstance(condition, Mapping):
        return {
            key: sorted(part, key=str) if key == "value" and isinstance(part, list) else _without_order(part)
            for key, part in condition.items()
        }
    return [_without_order(part) for part in condition] if isinstance(condition, list) else condition


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Everything about the entry but the form itself."""

    heading: str
    code: str
    part: str
    mark: str
    in_force: str
    in_force_title: str
    option: str
    counted: str
    neighbours: tuple[EntryGroup, ...]
    comments: tuple[Any, ...]
    conflict: ConflictView | None
    may_edit: bool
    may_not_edit: str
    seen: str
    retired: bool
    live_url: str
    for_each: str
    effect: ShortEffect | None
    takes_back: str


def entry_page(
    draft: Draft, actor: Actor, editor: EntryEditor, conflict: EditConflict | None, now: datetime
) -> EntryPage:
    """The page around the form."""
    entry, in_force = editor.entry, editor.in_force
    shown = entry or in_force or {}
    place = Place(editor.part, editor.code)
    decision = may_edit(actor, draft)
    option = str(shown.get("option") or "") if editor.part == "rules" else ""
    title = next((one.title for one in editor.ruleset.options if one.code == option), "")
    neighbours = tuple(entry_groups(draft, editor.part, option=option)) if option else ()
    return EntryPage(
        heading=entry_title(editor.ruleset, place, shown) if shown else f"A new {place.noun}",
        code=editor.code,
        part=editor.part,
        mark=_mark(entry, in_force) if editor.code else "new",
        in_force=_sentence(ruleset_of(draft.base), editor, in_force),
        in_force_title=str(draft.base),
        option=title,
        counted=_counted(neighbours),
        neighbours=neighbours,
        comments=tuple(draft.comments.filter(place=str(place)).order_by("at")) if editor.code else (),
        conflict=conflict_view(conflict, read_json(draft.content), editor.value()) if conflict else None,
        may_edit=decision.allowed,
        may_not_edit=decision.sentence,
        seen=entry_digest(entry),
        retired=bool(editor.code) and entry is None,
        live_url=reverse("pathways:draft_live", args=[draft.id]) if editor.part == "rules" else "",
        for_each=_for_each(editor) if editor.part == "invariants" and shown.get("for_each") else "",
        effect=short_effect(draft, actor, option, title, now) if option else None,
        takes_back=f"Saving takes back {ended}: the draft is open again."
        if (ended := what_an_edit_ends(draft))
        else "",
    )


def _for_each(editor: EntryEditor) -> str:
    """What an invariant says that is read once for each of its options."""
    sides = editor.ruleset, ruleset_of(editor.draft.base)
    known = ((side, one) for side in sides for one in side.invariants if one.code == editor.code)
    return next((invariant_words(one, side) for side, one in known), "")


def _counted(groups: Sequence[EntryGroup]) -> str:
    """How many rules the option has, and how many of them the draft touches."""
    lines = [line for group in groups for line in group.lines]
    touched = sum(bool(line.mark) for line in lines)
    return count(len(lines), "rule") + (f" · {touched} changed in this draft" if touched else "")


def _mark(entry: Data | None, in_force: Data | None) -> str:
    if entry == in_force:
        return ""
    return "added" if in_force is None else "retired" if entry is None else "changed"


def _sentence(ruleset: Ruleset, editor: EntryEditor, in_force: Data | None) -> str:
    """The entry in force as a sentence, where it has a condition."""
    if in_force is None:
        return ""
    if editor.part == "rules":
        return in_words(ruleset.rule(editor.code).when, ruleset)
    if editor.part == "definitions":
        return in_words(ruleset.definitions[editor.code].when, ruleset)
    if editor.part == "invariants":
        found = next((one for one in ruleset.invariants if one.code == editor.code and not one.for_each), None)
        return in_words(found.when, ruleset) if found else str(in_force.get("sentence") or "")
    return ""
