"""The data dictionary's lists of treatments, whose values are the codes of the catalogue and of options retired since.

What it is: telling what of such a list follows from the catalogue (its order, its codes, the title kept as a label) from
what only a release of the program changes. What it refuses to do: lose the code of a retired option, which stays on the
records of whom it was given to, or let a label through that is not the option's title.
Pure: plain data in, values out. Who calls it: the comparison of rulesets, drafts from a file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

GROUPS = ("patient", "tumor", "history")


def lists_options(feature: Any, options: Collection[str]) -> bool:
    """Whether a feature's values are the options of the catalogue, and those that were retired."""
    values = feature.get("values") if isinstance(feature, Mapping) else None
    if not isinstance(values, list | tuple) or not all(isinstance(value, str) for value in values):
        return False
    return bool(options) and set(options) <= set(values)


def without_options(feature: Mapping[str, Any], options: Collection[str], titles: Mapping[str, Collection[str]] | None
                    ) -> dict[str, Any]:  # fmt: skip
    """The feature without the values that are options. `titles`: the labels that go with each; None: whatever they are."""
    left = {name: said for name, said in feature.items() if name != "labels"}
    left["values"] = [value for value in feature["values"] if value not in options]
    left["labels"] = {
        code: label
        for code, label in (feature.get("labels") or {}).items()
        if code not in options or (titles is not None and label not in titles.get(code, ()))
    }
    return left


def same_but_for_options(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Whether the dictionary of a file is ours but for order and lack of options that ours knows of.

    A label of an option in the file is the one that ours has, or the option's title, or that of an option retired since.
    """
    titles = {str(entry["code"]): str(entry.get("title")) for entry in theirs["options"]}
    one, other = dict(ours["dictionary"]), dict(theirs["dictionary"])
    for group in GROUPS:
        here, there = dict(one.get(group) or {}), dict(other.get(group) or {})
        for name in here.keys() & there.keys():
            if lists_options(here[name], titles) and lists_options(there[name], titles):
                held, known = here[name].get("labels") or {}, here[name]["values"]
                allowed = {
                    code: (held.get(code), titles[code])
                    if code in titles
                    else (there[name].get("labels") or {}).values()
                    for code in known
                }
                here[name] = without_options(here[name], known, None)
                there[name] = without_options(there[name], known, allowed)
        one[group], other[group] = here, there
    return one == other


def with_retired(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """The dictionary of a file, with the retired options that ours knows, under the labels that ours has for them."""
    titles = {str(entry["code"]): entry.get("title") for entry in theirs["options"]}
    told = dict(theirs["dictionary"])
    for group in GROUPS:
        features = dict(told.get(group) or {})
        for name, feature in features.items():
            if lists_options(feature, titles):
                features[name] = _kept(ours["dictionary"][group][name], feature, titles)
        if group in told:
            told[group] = features
    return told


def _kept(ours: Mapping[str, Any], theirs: Mapping[str, Any], titles: Mapping[str, Any]) -> dict[str, Any]:
    values = [*theirs["values"], *(value for value in ours["values"] if value not in theirs["values"])]
    labels = dict(theirs.get("labels") or {})
    labels |= {code: label for code, label in (ours.get("labels") or {}).items() if code not in titles}
    left = {name: said for name, said in theirs.items() if name != "labels"}
    return {**left, "values": values, **({"labels": labels} if labels else {})}
