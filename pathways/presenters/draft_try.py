"""An invented patient under a draft and under the version it stands on: every option, with what differs first."""

from dataclasses import dataclass

from pathways.drafting.feature_lines import from_lines, to_lines
from pathways.drafts.selectors import ruleset_of_draft
from pathways.engine import Ruleset, Value, contradictions_of, statuses
from pathways.models import Draft
from pathways.presenters.draft_checks import keep_url
from pathways.presenters.words import STATUS_WORDS
from pathways.selectors import ruleset_of


@dataclass(frozen=True, slots=True)
class TriedOption:
    """One option under both."""

    code: str
    title: str
    before: str
    before_words: str
    after: str
    after_words: str

    @property
    def differs(self) -> bool:
        """Whether the draft gives another status."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class TryPage:
    """The page."""

    lines: str
    problems: tuple[str, ...]
    differing: tuple[TriedOption, ...]
    same: tuple[TriedOption, ...]
    contradictions: tuple[str, ...]
    keep_url: str
    base: str


def try_page(draft: Draft, text: str) -> TryPage:
    """The invented patient that the lines describe."""
    ruleset, base = ruleset_of_draft(draft), ruleset_of(draft.base)
    read = from_lines(text, ruleset.dictionary)
    options = tuple(_options(read.features, ruleset, base)) if not read.problems else ()
    return TryPage(
        lines=text if read.problems else to_lines(read.features),
        problems=read.problems,
        differing=tuple(option for option in options if option.differs),
        same=tuple(option for option in options if not option.differs),
        contradictions=tuple(one.sentence for one in contradictions_of(ruleset.dictionary, read.features)),
        keep_url=keep_url(draft, to_lines(read.features)) if not read.problems else "",
        base=str(draft.base),
    )


def _options(features: dict[str, Value], ruleset: Ruleset, base: Ruleset) -> list[TriedOption]:
    before, after = statuses(base, features), statuses(ruleset, features)
    titles = {option.code: option.title for option in (*base.options, *ruleset.options)}
    found = []
    for code, title in titles.items():
        old, new = before.get(code), after.get(code)
        found.append(
            TriedOption(
                code,
                title,
                old.value if old else "",
                STATUS_WORDS[old.value] if old else "not in it",
                new.value if new else "",
                STATUS_WORDS[new.value] if new else "not in it",
            )
        )
    return found
