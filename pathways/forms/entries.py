"""The forms of a draft's entries, one per part: rule, definition, invariant, option, source, age limit.

What it is: fields on the way to the plain form of an entry (`entry()`) and back (`initial`). Conditions have a builder
of their own. What it refuses to do: judge an entry; the action does, and its sentences come back to the fields.
Who calls it: the entry pages of a draft.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField

from pathways.drafting.checking import CAPITALS, CODES
from pathways.drafting.content import Data, Place
from pathways.engine import Effect, Feature, Ruleset
from pathways.knowledge.shapes import Head, SourceEntry
from pathways.knowledge.texts import SECTIONS
from pathways.presenters.words import EFFECT_TITLES, GROUP_TITLES, STATUS_WORDS, STRENGTH_TITLES
from patients.actions.shared import Refused
from patients.forms.fields import PlainForm, choices

# How many empty rows for sources stand below those that are filled.
SPARE_ROWS = 2
MOST_ROWS = 30


class EntryForm(PlainForm):
    """What all entries share: the wording that was seen, and a code that only a new entry is given."""

    part: ClassVar[str]
    has_condition: ClassVar[bool] = False

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, ruleset: Ruleset, entry: Data | None, code: str = "") -> None:
        super().__init__(data, initial=self.values_of(entry) if entry else {}, label_suffix="")
        self.ruleset = ruleset
        self.code = code
        if not code:
            words, _ = CODES.get(self.part, CAPITALS)
            self.fields["code"] = forms.CharField(label="Code", max_length=60, help_text=f"{words.capitalize()}.")
            self.order_fields(["code", *(name for name in self.fields if name != "code")])
        self.prepare(entry)

    def prepare(self, entry: Data | None) -> None:
        """Choices that depend on the ruleset."""

    def values_of(self, entry: Data) -> dict[str, Any]:
        """Field values of an entry."""
        return dict(entry)

    def saw(self, digest: str) -> None:
        """Somebody else's wording has been shown beside what was typed: the next save is about that wording."""
        self.data = self.data.copy()
        self.data["seen"] = digest

    def place(self) -> Place:
        """Where the entry is kept."""
        return Place(self.part, self.code or self.cleaned_data["code"].strip())

    def entry(self, condition: Data | None = None) -> Data:
        """The entry in its plain form."""
        raise NotImplementedError

    def add_refusal(self, refused: Refused) -> None:
        """The sentences of a refusal, beside their fields where they name one."""
        for fault in refused.faults:
            self.add_error(fault.field if fault.field in self.fields else None, fault.sentence)


def _text(
    label: str, *, required: bool = True, rows: int = 0, help_text: str = "", most: int = 1200
) -> forms.CharField:
    widget = forms.Textarea({"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, required=required, max_length=most, widget=widget, help_text=help_text)


def _chosen(label: str, lacking: str, pairs: Iterable[tuple[str, str]] = ()) -> forms.ChoiceField:
    """A choice that is nobody's but the editor's: nothing is chosen beforehand."""
    sentence = {"required": lacking}
    return forms.ChoiceField(label=label, choices=choices(pairs, empty="choose"), error_messages=sentence)


def _filled(values: Mapping[str, Any]) -> Data:
    return {name: value for name, value in values.items() if value not in ("", None)}


class RuleForm(EntryForm):
    """One reason for or against an option, or something to weigh."""

    part = "rules"
    has_condition = True

    option = _chosen("Option", "Choose the option that the rule is about.")
    effect = _chosen("What it does", "Choose what the rule does.", ((e.value, EFFECT_TITLES[e.value]) for e in Effect))
    title = _text("Title", help_text="A few words, as they stand in lists.", most=200)
    rationale = _text("Rationale", rows=3, help_text="Why the rule holds, in one or two plain sentences.")
    strength = _chosen("Strength of the source", "Choose how strong the source is.", STRENGTH_TITLES.items())

    def prepare(self, entry: Data | None) -> None:
        options = ((option.code, option.title) for option in self.ruleset.options)
        self.fields["option"].choices = choices(options, empty="choose")  # type: ignore[attr-defined]
        cited = (entry or {}).get("sources") or []
        posted = sum(name.startswith("source-") for name in self.data)
        sources = [("", "–"), *((code, f"{code}: {s['citation']}"[:110]) for code, s in self.ruleset.sources.items())]
        self.rows = min(max(len(cited) + SPARE_ROWS, posted), MOST_ROWS)
        for n in range(self.rows):
            held = cited[n] if n < len(cited) else {}
            self.fields[f"source-{n}"] = forms.ChoiceField(
                label=f"Source {n + 1}", choices=sources, required=False, initial=held.get("id", "")
            )
            self.fields[f"locator-{n}"] = forms.CharField(
                label="Where in it", required=False, max_length=200, initial=held.get("locator", "")
            )

    def citations(self) -> list[tuple[BoundField, BoundField]]:
        """The rows of sources up to the last one that says anything, and one row at least; for the template."""
        return self._citations[: self._filled_rows]

    def more_citations(self) -> list[tuple[BoundField, BoundField]]:
        """The empty rows behind them, which the page folds."""
        return self._citations[self._filled_rows :]

    @property
    def _citations(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"source-{n}"], self[f"locator-{n}"]) for n in range(self.rows)]

    @property
    def _filled_rows(self) -> int:
        says = [any(one.value() or one.errors for one in row) for row in self._citations]
        return max([1, *(n for n, row in enumerate(says, 1) if row)])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for n in range(self.rows):
            if cleaned.get(f"locator-{n}") and not cleaned.get(f"source-{n}"):
                self.add_error(f"source-{n}", "Choose the source in which this place is.")
        if not any(cleaned.get(f"source-{n}") for n in range(self.rows)):
            self.add_error("source-0", "A rule has at least one source.")
        return cleaned

    def entry(self, condition: Data | None = None) -> Data:
        cleaned = self.cleaned_data
        rows = [(cleaned[f"source-{n}"], cleaned[f"locator-{n}"].strip()) for n in range(self.rows)]
        sources = [_filled({"id": source, "locator": locator}) for source, locator in rows if source]
        fields = {name: cleaned[name].strip() for name in ("option", "effect", "title", "rationale", "strength")}
        return {"code": self.place().code, **fields, "when": condition, "sources": sources}


class DefinitionForm(EntryForm):
    """A named condition that rules share."""

    part = "definitions"
    has_condition = True

    title = _text("Title", most=200)
    note = _text("Note", required=False, rows=2)

    def entry(self, condition: Data | None = None) -> Data:
        cleaned = self.cleaned_data
        return _filled(
            {"code": self.place().code, "title": cleaned["title"], "note": cleaned["note"], "when": condition}
        )


class InvariantForm(EntryForm):
    """What must hold for every possible patient."""

    part = "invariants"
    has_condition = True

    options = forms.MultipleChoiceField(label="Options", widget=forms.CheckboxSelectMultiple)
    demand = forms.ChoiceField(
        label="Where the condition holds, these options",
        choices=[("never", "never have one of these statuses"), ("always", "always have one of these statuses")],
        widget=forms.RadioSelect,
    )
    statuses = forms.MultipleChoiceField(label="Statuses", widget=forms.CheckboxSelectMultiple)
    holds_for = forms.ChoiceField(
        label="Holds for",
        choices=[
            ("all records", "every record, contradictory ones too"),
            ("consistent records", "records without a contradiction"),
        ],
    )
    why = _text("Why", rows=2)

    def prepare(self, entry: Data | None) -> None:
        judged = ("candidate", "conditional", "possible", "excluded", "not_indicated")
        self.fields["options"].choices = [(o.code, o.title) for o in self.ruleset.options]  # type: ignore[attr-defined]
        self.fields["statuses"].choices = [(one, STATUS_WORDS[one]) for one in judged]  # type: ignore[attr-defined]

    def values_of(self, entry: Data) -> dict[str, Any]:
        demand = "never" if entry.get("never") else "always"
        return {**entry, "demand": demand, "statuses": entry.get(demand)}

    def entry(self, condition: Data | None = None) -> Data:
        cleaned = self.cleaned_data
        return {
            "code": self.place().code,
            "options": list(cleaned["options"]),
            "when": condition,
            cleaned["demand"]: list(cleaned["statuses"]),
            "holds_for": cleaned["holds_for"],
            "sentence": "",
            "why": cleaned["why"].strip(),
        }


class OptionForm(EntryForm):
    """One option of the catalogue, with the sentences of its page."""

    part = "options"

    title = _text("Title", most=200)
    group = forms.ChoiceField(label="Group")
    note = _text("Supply or regulatory status", required=False)
    beyond = forms.BooleanField(label="Not named by the base documents", required=False)

    def prepare(self, entry: Data | None) -> None:
        groups = dict.fromkeys(option.group for option in self.ruleset.options)
        self.fields["group"].choices = [(group, GROUP_TITLES.get(group, group)) for group in groups]  # type: ignore[attr-defined]
        about = (entry or {}).get("about") or {}
        for section, title in SECTIONS.items():
            self.fields[f"about-{section}"] = forms.CharField(
                label=title,
                required=False,
                widget=forms.Textarea({"rows": 3}),
                initial="\n".join(f"{s['text']} [{', '.join(s['from'])}]" for s in about.get(section) or ()),
                help_text="One sentence a line; what it rests on stands behind it in brackets: … [F058, WHIP-I1]",
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.about: dict[str, list[Data]] = {}
        for section in SECTIONS:
            self.about[section] = []
            for number, line in enumerate((cleaned.get(f"about-{section}") or "").splitlines(), 1):
                self._line(section, number, line.strip())
        return cleaned

    def _line(self, section: str, number: int, line: str) -> None:
        if not line:
            return
        text, bracket, names = line.removesuffix("]").rpartition("[")
        codes = [name.strip() for name in names.split(",") if name.strip()]
        if not line.endswith("]") or not bracket or not text.strip() or not codes:
            self.add_error(
                f"about-{section}",
                f"Line {number} does not say what it rests on; end it with facts or rules in brackets, such as [F058].",
            )
            return
        self.about[section].append({"text": text.strip(), "from": codes})

    def entry(self, condition: Data | None = None) -> Data:
        cleaned = self.cleaned_data
        about = {section: sentences for section, sentences in self.about.items() if sentences}
        fields = {"title": cleaned["title"].strip(), "group": cleaned["group"], "note": cleaned["note"].strip()}
        return {"code": self.place().code, **fields, "beyond": cleaned["beyond"], "about": about}


class SourceForm(EntryForm):
    """A document that rules cite. Its fields are those of the source's shape, so that none is forgotten."""

    part = "sources"
    LABELS: ClassVar[dict[str, str]] = {
        "kind": "Kind",
        "citation": "Citation",
        "year": "Year",
        "identifier": "Identifier (DOI, PMID, NCT number)",
        "address": "Address",
        "verified": "What was compared with a public copy",
    }
    NULLABLE: ClassVar[frozenset[str]] = frozenset({"year", "identifier", "address"})

    def prepare(self, entry: Data | None) -> None:
        self.names = [name for name in SourceEntry.model_fields if name not in ("id", "file")]
        # What a base document or a fact of one has beside the fields of the form: its file, who says it and where.
        self.kept = {name: value for name, value in (entry or {}).items() if name not in ("id", *self.names)}
        for name in self.names:
            initial = (entry or {}).get(name)
            label = self.LABELS.get(name, name.replace("_", " ").capitalize())
            if name == "kind":
                kinds = ["label", "trial", "guideline", *(["seed"] if initial == "seed" else [])]
                field: forms.Field = forms.ChoiceField(label=label, choices=[(k, k) for k in kinds], initial=initial)
            elif name == "year":
                field = forms.IntegerField(label=label, required=False, initial=initial, min_value=1900, max_value=2100)
            else:
                needed = SourceEntry.model_fields[name].is_required() and name not in self.NULLABLE and initial != ""
                field = forms.CharField(label=label, required=needed, max_length=1200, initial=initial)
            self.fields[name] = field

    def values_of(self, entry: Data) -> dict[str, Any]:
        return {}

    def entry(self, condition: Data | None = None) -> Data:
        cleaned = {name: self.cleaned_data[name] for name in self.names}
        written = {n: v.strip() if isinstance(v, str) else v for n, v in cleaned.items()}
        filled = _filled(written)
        nulls = {name: None for name in self.NULLABLE if name not in filled}
        blank = {"verified": ""} if "verified" not in filled else {}
        return {"id": self.place().code, **filled, **nulls, **blank, **self.kept}


class HeadForm(EntryForm):
    """What the pathway is and says of itself. Its fields are those of the head's shape; lists have one entry a line."""

    part = "ruleset"
    LISTS: ClassVar[frozenset[str]] = frozenset({"not_considered", "out_of_scope"})
    LONG: ClassVar[frozenset[str]] = frozenset({"intended_use", "users", "population"})

    def prepare(self, entry: Data | None) -> None:
        self.names = [name for name in Head.model_fields if name not in ("code", "version")]
        for name in self.names:
            initial = (entry or {}).get(name)
            shown = "\n".join(initial) if isinstance(initial, list) else initial
            rows = 6 if name in self.LISTS else 3 if name in self.LONG else 0
            help_text = "One a line." if name in self.LISTS else ""
            most = 6000 if name in self.LISTS else 1200
            field = _text(
                name.replace("_", " ").capitalize(), required=name == "title", rows=rows, help_text=help_text, most=most
            )
            field.initial = shown
            self.fields[name] = field
        self.pathway = (entry or {}).get("code", "")

    def values_of(self, entry: Data) -> dict[str, Any]:
        return {}

    def entry(self, condition: Data | None = None) -> Data:
        written = {name: self.cleaned_data[name].strip() for name in self.names}
        lists = {name: [line.strip() for line in written[name].splitlines() if line.strip()] for name in self.LISTS}
        filled = _filled({**written, **{name: lines or "" for name, lines in lists.items()}})
        return {"code": self.pathway, **filled}


class LimitForm(EntryForm):
    """After how many days a value of a feature counts as unknown."""

    part = "limits"

    days = forms.IntegerField(label="Days it counts", min_value=1, max_value=3650)
    reason = _text("Why", rows=2)

    def prepare(self, entry: Data | None) -> None:
        if not self.code:
            features = self.ruleset.dictionary.features.values()
            held = self.ruleset.limits
            ageing = [f for f in features if f.name not in held and _can_age(f)]
            self.fields["code"] = forms.ChoiceField(label="Feature", choices=[(f.name, f.title) for f in ageing])
            self.order_fields(["code", "days", "reason"])

    def entry(self, condition: Data | None = None) -> Data:
        return {"days": self.cleaned_data["days"], "reason": self.cleaned_data["reason"].strip()}


def _can_age(feature: Feature) -> bool:
    """Whether a reading of the feature can grow old: not what is derived anew, what was done, or who the patient is."""
    return not (feature.derived or feature.group == "history" or feature.topic == "identity")


FORMS: dict[str, type[EntryForm]] = {
    form.part: form for form in (RuleForm, DefinitionForm, InvariantForm, OptionForm, SourceForm, LimitForm, HeadForm)
}


def form_for(part: str) -> type[EntryForm]:
    """The form of a part. Raises KeyError for one that has none."""
    return FORMS[part]


__all__ = ["FORMS", "EntryForm", "form_for"]
