"""The form of one condition: made from data or from what was sent, changed by verbs, read as data when it is finished.

What it refuses to do: store anything, or hand out a condition that the engine would not take. Called by the pages that
edit a rule or a definition, and by “Try a condition”.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from pathways.drafting.conditions.fields import Sent, fields_of, read_fields
from pathways.drafting.conditions.operators import operator_words
from pathways.drafting.conditions.parts import ConditionRefused, Numbers, blank, find, parent_of
from pathways.drafting.conditions.reading import FieldProblem, Offer, data_of, part_from, problems_of
from pathways.drafting.conditions.verbs import Builder, Step, perform
from pathways.drafting.conditions.view import BuilderView, Drawing, ProblemLine, feature_groups
from pathways.drafting.conditions.words import name_of, said
from pathways.drafting.sentence_diff import Piece, SentenceDiff, sentence_diff
from pathways.engine import Condition, Problem, Ruleset
from pathways.engine.conditions import ConditionParser


class ConditionForm:
    """See the docstring of the package for how a page uses it."""

    def __init__(self, sent: Sent, offer: Offer, *, prefix: str, url: str, before: str, before_label: str) -> None:
        self.offer = offer
        self.prefix = prefix
        self.url = url
        self._before = before
        self._before_label = before_label
        self._numbers = sent.numbers
        self._verb = sent.verb
        self._another = sent.another
        self._step = Step(sent.root)
        self._insists = False

    @classmethod
    def from_data(
        cls,
        data: Any,
        *,
        ruleset: Ruleset,
        prefix: str = "when",
        url: str = "",
        definition: str = "",
        before: str = "",
        before_label: str = "In force",
    ) -> ConditionForm:
        """The form of a condition; None is an empty one. Raises ConditionRefused for what is no condition or too large."""
        offer, numbers = Offer(ruleset, definition), Numbers()
        root = blank(numbers) if data is None else part_from(data, offer, numbers)
        sent = Sent(root, numbers, "", frozenset())
        return cls(sent, offer, prefix=prefix, url=url, before=before, before_label=before_label)

    @classmethod
    def from_post(
        cls,
        post: Any,
        *,
        ruleset: Ruleset,
        prefix: str = "when",
        url: str = "",
        definition: str = "",
        before: str = "",
        before_label: str = "In force",
    ) -> ConditionForm:
        """The form as it was sent, half-filled parts and all. Raises ConditionRefused for one that does not add up."""
        offer = Offer(ruleset, definition)
        sent = read_fields(post, prefix, offer)
        return cls(sent, offer, prefix=prefix, url=url, before=before, before_label=before_label)

    def apply_verb(self) -> bool:
        """Do what the pressed button says. True where one of the builder's was pressed, and the page is to be shown again;
        False where somebody wants to save, and from then on `view` says what is missing as errors."""
        self.__dict__.pop("problems", None)
        if not self._verb:
            self._insists = True
            return False
        self._another = frozenset()
        try:
            self._step = perform(self._verb, Builder(self.root, self._numbers, self.offer))
        except ConditionRefused as refused:
            self._step = Step(self.root, said=" ".join(refused.sentences))
        return True

    @property
    def root(self) -> Any:
        """The editing tree (a `Part`)."""
        return self._step.root

    @cached_property
    def problems(self) -> tuple[FieldProblem, ...]:
        """What is not finished or not allowed, in reading order, at most one for each part."""
        found = list(problems_of(self.root, self.offer))
        wrong = {problem.part for problem in found}
        for number in sorted(self._another - wrong):
            part = find(self.root, number)
            feature = self.offer.features.get(part.feature) if part else None
            if part and feature:
                words = operator_words(feature, part.operator)
                sentence = (
                    f"{feature.title}: with the feature the comparison became “{words}”. Look at it, and save again."
                )
                found.append(FieldProblem(number, "operator", sentence))
        return tuple(found)

    def data(self) -> dict[str, Any]:
        """The plain condition. Raises ConditionRefused with the sentences of all problems."""
        if self.problems:
            raise ConditionRefused(*(problem.sentence for problem in self.problems))
        data = data_of(self.root, self.offer)
        self._parsed(data)
        return data

    def condition(self) -> Condition | None:
        """The engine's condition, or None while it is not finished."""
        return None if self.problems else self._parsed(data_of(self.root, self.offer))

    def _parsed(self, data: Any) -> Condition:
        problems: list[Problem] = []
        names = frozenset(self.offer.ruleset.definitions)
        condition = ConditionParser(self.offer.features, names, problems).parse(data, "")
        if condition is None:
            raise ConditionRefused(*map(str, problems))
        return condition

    def sentence(self) -> str:
        """The condition in words, with a gap for whatever is not finished."""
        return said(self.root, self.offer)

    def fields(self) -> dict[str, list[str]]:
        """What the form sends when nobody touches it."""
        return fields_of(self.root, self.prefix, self._numbers.following)

    @property
    def diff(self) -> SentenceDiff | None:
        """The sentence against the one of `before`; None where there is nothing before."""
        return sentence_diff(self._before, self.sentence()) if self._before else None

    @property
    def view(self) -> BuilderView:
        """What `pathways/drafts/condition/builder.html` draws."""
        by_part = {problem.part: problem for problem in self.problems}
        diff = self.diff
        return BuilderView(
            prefix=self.prefix,
            dom=f"{self.prefix}-builder",
            url=self.url,
            following=self._numbers.following,
            root=Drawing(self.prefix, self.offer, self._step, by_part).part(self.root),
            sentence=diff.new if diff else (Piece(self.sentence()),),
            differs=diff is not None and not diff.is_same,
            old=diff.old if diff else (),
            old_label=self._before_label,
            features=feature_groups(self.offer.features),
            said=self._step.said,
            problems=tuple(self._line(problem) for problem in self.problems),
            insists=self._insists,
            open_gaps=len(self.problems),
        )

    def _line(self, problem: FieldProblem) -> ProblemLine:
        part = find(self.root, problem.part)
        assert part is not None
        name = name_of(part, parent_of(self.root, problem.part))
        field = "find" if problem.field == "parts" else problem.field
        return ProblemLine(f"{self.prefix}-{problem.part}-{field}", name, problem.sentence)
