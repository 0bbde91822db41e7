"""Reads one directory of knowledge files entry by entry and keeps every fault instead of stopping at the first.

What it is: the step from bytes to checked entries. What it refuses to do: judge what an entry refers to (`checks.py`)
or what its condition means (the engine). Who calls it: `files.load`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from pathways.engine import did_you_mean
from pathways.knowledge import shapes
from pathways.knowledge.problems import FileProblem
from pathways.knowledge.yaml_text import YamlRefused, read_yaml

E = TypeVar("E", bound=shapes.Entry)

GROUPS_OF_FEATURES = ("patient", "tumor", "history")
TEXTS = "option-texts"


class Reader:
    """The files of one directory. `problems` fills while it reads; `known` holds every code met, faulty or not."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.problems: list[FileProblem] = []
        self.known: dict[str, set[str]] = {}
        self.unread: set[str] = set()

    def refuse(self, file: str, place: str, sentence: str) -> None:
        """Note one fault."""
        self.problems.append(FileProblem(file, place, sentence))

    def sound(self, *files: str) -> bool:
        """Whether nothing was refused in these files so far."""
        return not any(problem.file in files for problem in self.problems)

    def content(self, file: str, keys: Iterable[str] | None, optional: Iterable[str] = ()) -> dict[str, Any]:
        """The object a file holds, with exactly these keys (None: any). Empty after a refusal."""
        try:
            data = read_yaml((self.directory / file).read_bytes())
        except FileNotFoundError:
            return self._unread(file, "", "The file is missing.")
        except YamlRefused as refusal:
            return self._unread(file, f"line {refusal.line}" if refusal.line else "", refusal.sentence)
        if not isinstance(data, dict):
            return self._unread(file, "", f"The file holds an object with keys, here is {shapes.brief(data)}.")
        if keys is None:
            return data
        allowed = [*keys, *optional]
        for key in data:
            if key not in allowed:
                self.refuse(file, "", f"{key} is not a part of this file.{did_you_mean(key, allowed)}")
        for key in keys:
            if key not in data:
                self.refuse(file, "", f"{key} is missing.")
        return data

    def _unread(self, file: str, place: str, sentence: str) -> dict[str, Any]:
        """Nothing, after having noted why; what other files say about this one is then not judged."""
        self.unread.add(file)
        self.refuse(file, place, sentence)
        return {}

    def one(self, file: str, place: str, model: type[E], data: Any) -> E | None:
        """One entry in its shape, or None after having noted every fault in it."""
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for sentence in shapes.sentences_of(error):
                self.refuse(file, place, sentence)
            return None

    def several(self, file: str, name: str, model: type[E], data: Any, code: str = "code") -> list[E]:
        """The sound entries of a list, codes unique. `name` is what one entry is called ("rule")."""
        if not isinstance(data, list):
            if data is not None:
                self.refuse(file, f"{name}s", f"A list is expected, here is {shapes.brief(data)}.")
            return []
        known = self.known.setdefault(name, set())
        entries = []
        for number, raw in enumerate(data, 1):
            key = raw.get(code) if isinstance(raw, dict) else None
            place = f"{name} {key}" if isinstance(key, str) and key else f"{name} number {number}"
            entry = self.one(file, place, model, raw)
            if isinstance(key, str) and key in known:
                self.refuse(file, place, f"The {code} is used twice.")
            elif entry is not None:
                entries.append(entry)
            if isinstance(key, str):
                known.add(key)
        return entries

    def options(self) -> dict[str, dict[str, shapes.OptionEntry]]:
        """The catalogue: group → code → option, in the order of the file."""
        file = "options.yaml"
        catalogue: dict[str, dict[str, shapes.OptionEntry]] = {}
        content = self.content(file, None)
        if file not in self.unread:
            self.known["option"] = set()
        for group, entries in content.items():
            known = self.known["option"]
            self._word(file, f"group {group}", group)
            if not isinstance(entries, dict) or not entries:
                self.refuse(file, f"group {group}", "A group holds one or more options.")
                continue
            for code, raw in entries.items():
                if code in known:
                    self.refuse(file, f"option {code}", "The code is used twice.")
                    continue
                known.add(code)
                self._word(file, f"option {code}", code)
                entry = {"title": raw} if isinstance(raw, str) else raw
                option = self.one(file, f"option {code}", shapes.OptionEntry, entry)
                if option:
                    catalogue.setdefault(group, {})[code] = option
        return catalogue

    def dictionary(self) -> dict[str, Any]:
        """The data dictionary in its plain form, each entry in its shape."""
        file = "features.yaml"
        data = self.content(file, (*GROUPS_OF_FEATURES, "implications", "contradictions"))
        known: set[str] = set()
        if file not in self.unread:
            self.known["feature"] = known
        for group in GROUPS_OF_FEATURES:
            entries = data.get(group) or {}
            if not isinstance(entries, dict):
                self.refuse(file, group, f"An object of features is expected, here is {shapes.brief(entries)}.")
                data[group] = {}
                continue
            for name, raw in entries.items():
                if name in known:
                    self.refuse(file, f"feature {name}", "The feature is defined twice.")
                known.add(name)
                self._word(file, f"feature {name}", name)
                self.one(file, f"feature {name}", shapes.FeatureEntry, raw)
        self.several(file, "implication", shapes.ImplicationEntry, data.get("implications"))
        self.several(file, "contradiction", shapes.ContradictionEntry, data.get("contradictions"))
        return data

    def cases(self) -> dict[str, shapes.CasesEntry]:
        """The test patients, by rule."""
        file = "rule-cases.yaml"
        cases = {}
        content = self.content(file, None)
        self.known["case"] = set(content)
        for code, raw in content.items():
            case = self.one(file, f"rule {code}", shapes.CasesEntry, raw)
            if case:
                cases[code] = case
        return cases

    def texts(
        self, catalogue: dict[str, dict[str, shapes.OptionEntry]]
    ) -> dict[str, dict[str, list[shapes.SentenceEntry]]]:
        """The option pages: option → section → sentences, those for every option of the group last."""
        expected = {f"{TEXTS}/{group}.yaml" for group in catalogue}
        found = {f"{TEXTS}/{path.name}" for path in sorted((self.directory / TEXTS).glob("*.yaml"))}
        for file in sorted(found - expected) if "option" in self.known else ():
            hint = did_you_mean(Path(file).stem, catalogue)
            self.refuse(file, "", f"There is no group of options with this name.{hint}")
        abouts: dict[str, dict[str, list[shapes.SentenceEntry]]] = {}
        for group, options in catalogue.items():
            self._texts_of_group(f"{TEXTS}/{group}.yaml", options, abouts)
        return abouts

    def _texts_of_group(
        self, file: str, options: Iterable[str], abouts: dict[str, dict[str, list[shapes.SentenceEntry]]]
    ) -> None:
        data = self.content(file, ("options",), ("every_option",))
        shared = self.one(file, "every_option", shapes.AboutEntry, data.get("every_option", {}))
        entries = data.get("options") or {}
        if not isinstance(entries, dict):
            self.refuse(file, "options", f"An object of options is expected, here is {shapes.brief(entries)}.")
            return
        for code, raw in entries.items():
            about = self.one(file, f"option {code}", shapes.AboutEntry, raw)
            if code not in options:
                self.refuse(
                    file, f"option {code}", f"There is no such option in this group.{did_you_mean(code, options)}"
                )
            elif about is None or shared is None:
                abouts[code] = {}
            else:
                abouts[code] = {
                    section: sentences
                    for section in shapes.AboutEntry.model_fields
                    if (sentences := [*(getattr(about, section) or ()), *(getattr(shared, section) or ())])
                }

    def _word(self, file: str, place: str, code: str) -> None:
        try:
            TypeAdapter(shapes.Word).validate_python(code)
        except ValidationError:
            self.refuse(file, place, "A code is lower-case letters, digits and _, beginning with a letter.")
