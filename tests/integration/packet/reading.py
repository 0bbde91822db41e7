"""Reading a packet back: the text of each page without its margins, and what the screen says of the same tumor.

What the screen says is asked of its presenters here, not of the packet, so that a packet which leaves something out, or adds
something, is found out.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from pypdf import PdfReader

from boards.packet.contents import CasePacket, Printing
from netcare.access import system_actor
from pathways.assessing import assess_tumor
from pathways.knowledge.texts import KnowledgeTexts
from pathways.presenters.candidates import candidates_page, listed_said
from pathways.presenters.explanation import Explanation, no_link
from pathways.presenters.missing import missing_view
from pathways.presenters.patient_page import banner, heads
from pathways.presenters.printed import printed_sheet
from pathways.presenters.readings import disagreements, reading_words, settled_words
from pathways.presenters.review_due import patient_notice
from pathways.presenters.timeline.page import rows_of, timeline_page
from pathways.presenters.was_excluded import was_excluded
from pathways.presenters.words import STATUS_WORDS
from patients.models import Settlement, Tumor

# What the template itself says, besides what is handed to it.
LABELS = """
Case sheet|MRN|born|Question:|This list is not complete.|Recorded, but not readable by the rules:
The record contradicts itself.|Too old for the rules, so counted as unknown:|Two readings of|disagree|in force
Options for review:|What is missing, by effect
The statuses are what they were; look at the source before relying on it.|Option and the reason that matters most
Status|To weigh|Missing|Source, rule|cannot be judged yet|Excluded|Not indicated|each with its nearest reason below.
none|No option waits for a missing fact.|Fact|Settles|Options that wait for it|To be written in|For cautions alone:
Reviewed by|date|, was: excluded.|ruled out|Timeline|History|What|Findings with date and source
Every option for review and every excluded one, with each compared value|Date|Value or how it ended|Where it stands
Met|What the rule asks|This patient|not met|met|unknown|reason holds|does not hold|cannot be told|rules it out
to weigh|Worth review when|Rules it out when|hold:|follows from:|Reasons that do not hold:|Do not hold:
What could rule it out|Cautions|Sources|Why it is listed|Why it may be worth review|Reasons the pathway knows
What would change this, each value alone|yes|no|If a recorded value were another:
None of the pathway’s cautions for this option arises.|Cannot be judged yet:|Missing for this option:
The five base documents do not name this option; it rests on the sources cited.|Base documents, read in full:
One fact away, listed with|one fact away, listed with|Not indicated, each with its nearest reason|What the list rests on
Where nothing is recorded, the rules read it one way|Values|Feature|Value|What the sources say for the board
Sources of the list|Rules and validity|published|Facts of|Assessed|Status
""".replace("\n", "|").split("|")
RULE_CODE = re.compile(r"\b[A-Z][A-Z0-9]*-[IEC][0-9]+\b")


def squeezed(text: str) -> str:
    """The text without any white space: where lines break is the page's business."""
    return "".join(text.split())


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def body_of(pdf: bytes, case: CasePacket, printing: Printing) -> str:
    """The whole text, squeezed, without the margins; each page must have its own."""
    pages = pages_of(pdf)
    found = []
    for number, page in enumerate(pages, start=1):
        text = squeezed(page)
        for margin in margins(case, printing, number, len(pages)):
            assert squeezed(margin) in text, f"page {number} has not: {margin}"
            text = text.replace(squeezed(margin), "", 1)
        found.append(text)
    return "".join(found)


def margins(case: CasePacket, printing: Printing, number: int, of: int) -> list[str]:
    """What stands above and below on every page."""
    stamp = case.stamp
    return [
        f"{case.who.known_as}",
        f"page {number} of {of}",
        "For review by qualified clinicians; not a recommendation.",
        f"Check code {case.code}",
        f"{stamp.ruleset}, published {stamp.published} · {stamp.short_digest} · facts of {stamp.facts_of}",
        case.valid_until,
        f"Printed {printing.when} by {printing.by}",
    ]


def texts_in(content: Any) -> Iterator[str]:
    """Every text in frozen values."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, int) and not isinstance(content, bool):
        yield str(content)
    elif isinstance(content, tuple | list):
        for one in content:
            yield from texts_in(one)
    elif is_dataclass(content):
        for field in fields(content):
            yield from texts_in(getattr(content, field.name))


class Screen:
    """What the pages of one tumor show: candidates, missing facts, heads, timeline."""

    def __init__(self, tumor: Tumor) -> None:
        patient = tumor.patient
        with timezone.override(ZoneInfo(patient.institution.time_zone)):
            day = timezone.localtime().date()
            self.done = done = assess_tumor(tumor, as_of=day)
            readings = reading_words(done.facts, done.stale, done.in_force.ruleset.dictionary)
            self.page = candidates_page(done.assessment, readings)
            self.printed = printed_sheet(done.assessment, readings)
            settled = settled_words(
                Settlement.objects.filter(finding__patient=patient).order_by("settled_at", "id"), tumor
            )
            self.forks = disagreements(done, settled)
            self.heads = heads(done, no_link)
            self.missing = missing_view(done.assessment, no_link)
            self.was_excluded = was_excluded(done, no_link)
            self.timeline = timeline_page(done, rows_of(tumor), {})
            self.overdue = patient_notice(done.assessment, day)
            nobody = system_actor("test", capabilities=frozenset())
            self.banner = banner(patient, actor=nobody, as_of=day, current="candidates", tumor=tumor, done=done)
        self.tumor = tumor

    @property
    def shown(self) -> list[Explanation]:
        """The options that can be opened on the page."""
        rows = [view for group in self.page.groups for view in group.rows]
        return [*self.page.suspended, *rows, *self.page.excluded]

    def statements(self) -> list[str]:
        """Every status with its option, reason, value with its origin, caution, missing fact, and source with locators."""
        said: list[str] = []
        for view in self.shown:
            row = view.row
            reason = (
                row.reason if row.status != "excluded" else f"{row.title}: {row.reason[:1].lower()}{row.reason[1:]}"
            )
            said += [f"{STATUS_WORDS[row.status]}: {row.title}", reason, row.note]
            said += [caution.title for caution in row.cautions if row.is_listed]
            said += [caution.rationale for caution in row.cautions] + [fact.title for fact in row.missing]
            said += [text for caution in row.cautions_unknown for text in (caution.title, caution.code)]
            for rule in (*view.reasons, *view.open_reasons, *view.ruling_out, *view.open_exclusions):
                assert rule.table is not None
                said += [rule.title, rule.rationale, rule.code, rule.table.heading]
                for line in rule.table.rows:
                    origin = ", ".join(part for part in (line.source, line.when) if part)
                    said += [line.text, f"{line.value}{origin}", line.old, line.follows]
            said += [f"{rule.title} ({rule.code})" for rule in (*view.other_reasons, *view.not_ruling_out)]
            said += [
                f"{change.text} → {STATUS_WORDS[change.status]}" for change in (*view.changes, *view.changes_of_known)
            ]
            for line in view.sources.lines:
                said += [f"{line.citation}{': ' if line.locators else ''}{'; '.join(line.locators)}", line.checked]
            said += list(view.sources.facts)
            if row.why:
                said += [row.why.word, row.why.near_said, row.why.said]
        for group in self.page.not_indicated:
            for row in group.rows:
                assert row.why is not None
                said += [
                    f"{row.title}",
                    row.why.word,
                    row.why.near_said,
                    row.why.said if row.why.rules else row.why.meaning,
                ]
        return [*said, *self.around()]

    def around(self) -> list[str]:
        """What stands beside the list."""
        said = [self.banner.name, self.banner.mrn, self.banner.birth, self.banner.age, self.banner.sex, self.banner.tag]
        assert self.banner.line is not None
        said += [self.banner.line.text, listed_said(self.page), self.page.order_said, self.page.why_said]
        for fact in self.missing.facts:
            said += [f"{fact.title}{fact.said}{fact.options_said}", fact.unit]
        said += [f"{fact.title} ({fact.cautions})" for fact in self.missing.for_cautions]
        said += [text for one in self.forks for text in (one.titles, one.specimen, one.settled, one.said)]
        said += [text for one in self.was_excluded for text in (one.title, one.said, one.options)]
        said += [*self.heads.unusable, *self.heads.stale, *self.heads.assumed, self.heads.incomplete]
        said += [one.sentence for one in self.heads.contradictions] + [one.said for one in self.heads.stops]
        said += [
            text for one in self.timeline.entries for text in (one.when, one.what, one.value, one.details, one.origin)
        ]
        said += [text.text for panel in self.timeline.drawing.panels for text in panel.texts]
        return said + ([self.overdue.sentence] if self.overdue else [])

    def drawn(self) -> str:
        """Every text of the drawing and its legend, squeezed, in no order."""
        drawing, said = self.timeline.drawing, self.timeline.undrawn_said.split(":")[0]
        words = [entry.words for entry in drawing.legend]
        return squeezed("".join([*words, *(t.text for panel in drawing.panels for t in panel.texts), said]))

    def everything(self) -> list[str]:
        """Every text that any page of this tumor shows, piece by piece, with the sources' words for the board."""
        texts = KnowledgeTexts(self.done.in_force.ruleset.to_data())
        board = list(texts.packet_for_every_option())
        for view in self.shown:
            board += next(one for one in texts.sections(view.row.code) if one.code == "packet").sentences
        timeline = self.timeline
        return [
            *texts_in(
                [self.page, self.printed.values, self.forks, self.heads, self.missing, self.was_excluded, self.overdue]
            ),
            *texts_in(
                [timeline.entries, timeline.undrawn_said.split(":")[0], [e.words for e in timeline.drawing.legend]]
            ),
            *self.statements(),
            *(text for sentence in board for text in (sentence.text, *(basis.code for basis in sentence.bases))),
        ]


def without_drawing(body: str) -> tuple[str, str]:
    """The text without its page of the timeline, and the text of that page after its heading."""
    after = body.index(squeezed("Every option for review and every excluded one, with each compared value"))
    before = body.rindex("Timeline", 0, after)
    return body[:before] + body[after:], body[before + len("Timeline") : after]


def left_over(body: str, known: set[str]) -> list[str]:
    """What of a text is not made of known pieces, the longest taken out first, each with what stood before it."""
    rest = body
    for text in sorted(known, key=len, reverse=True):
        if text:
            rest = rest.replace(text, "\x00" * len(text))
    found = re.finditer(r"[^\x00]*[^\W_][^\x00]*", rest)
    return [f"{body[max(0, one.start() - 80) : one.start()]} >>{one.group()}<<" for one in found]
