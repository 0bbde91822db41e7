"""The one line a specialist reads in two seconds: tumor, grade, spread · function · receptors · course · performance.

Pure: it takes the values in force (recorded, or following from what is recorded) and says what is not known; it never
fills a gap. Called by the patient's banner, the patient list and the printed sheet.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pathways.engine import DataDictionary
from pathways.presenters.words import capital

KINDS = {"well": "NET", "poor": "NEC"}
LUNG = {
    "typical_carcinoid": "Lung typical carcinoid",
    "atypical_carcinoid": "Lung atypical carcinoid",
    "lcnec": "Lung large cell NEC",
    "sclc": "Small cell lung cancer",
}
# How the site stands before NET or NEC; the others as the dictionary labels them.
SITES = {
    "pancreas": "Pancreatic",
    "stomach": "Gastric",
    "duodenum": "Duodenal",
    "appendix": "Appendiceal",
    "rectum": "Rectal",
    "thymus": "Thymic",
}
RECEPTORS = {"positive": "SSTR+", "negative": "SSTR−", "heterogeneous": "SSTR mixed"}
SHORT_SITES = {"distant_lymph_nodes": "nodes"}
SHORT_SYNDROMES = {"acth": "ACTH", "pthrp": "PTHrP", "vipoma": "VIPoma"}


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What the line is made of: codes of the dictionary, numbers as text; "" or None where not known."""

    primary_site: str = ""
    differentiation: str = ""
    lung_histology: str = ""
    grade: str = ""
    ki67: str = ""
    extent: str = ""
    metastatic_sites: tuple[str, ...] | None = None
    disease_status: str = ""
    functional_status: str = ""
    hormone_syndrome: str = ""
    sstr_status: str = ""
    krenning: str = ""
    progression: str = ""
    ecog: str = ""
    inapplicable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ClinicalLine:
    """The known parts in their order, and the names of what is not known."""

    parts: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def known_text(self) -> str:
        """The known parts as one text."""
        return " · ".join(self.parts)

    @property
    def gaps_text(self) -> str:
        """The names of what is not known, or nothing."""
        return ", ".join(self.unknown)

    @property
    def text(self) -> str:
        """The whole line as one text, for print and titles."""
        return f"{self.known_text} · not known: {self.gaps_text}" if self.unknown else self.known_text


def line_facts(known: Mapping[str, Any], inapplicable: Collection[str], dictionary: DataDictionary) -> LineFacts:
    """The facts of the line from the values that the rules read."""

    def code(name: str) -> str:
        value = known.get(name)
        return value if isinstance(value, str) else ""

    def shown(name: str) -> str:
        value = known.get(name)
        return "" if value is None else dictionary.features[name].show(value)

    sites = known.get("metastatic_sites")
    return LineFacts(
        primary_site=code("primary_site"),
        differentiation=code("differentiation"),
        lung_histology=code("lung_histology"),
        grade=code("grade"),
        ki67=shown("ki67_percent"),
        extent=code("extent"),
        metastatic_sites=sites if isinstance(sites, tuple) else None,
        disease_status=code("disease_status"),
        functional_status=code("functional_status"),
        hormone_syndrome=code("hormone_syndrome"),
        sstr_status=code("sstr_status"),
        krenning=shown("krenning_score"),
        progression=code("progression"),
        ecog=shown("ecog"),
        inapplicable=frozenset(inapplicable),
    )


def clinical_line(facts: LineFacts, dictionary: DataDictionary) -> ClinicalLine:
    """The line. A part that nobody recorded is named at its end, never left out in silence."""
    parts: list[str] = [_tumor(facts, dictionary)]
    unknown: list[str] = []
    if not facts.primary_site:
        unknown.append("primary site")
    if (
        not facts.differentiation
        and not facts.lung_histology
        and facts.primary_site != "pheochromocytoma_paraganglioma"
    ):
        unknown.append("differentiation")
    if not facts.grade and "grade" not in facts.inapplicable:
        unknown.append("grade")
    free = facts.disease_status == "no_evidence_of_disease"
    if free:
        parts.append("no evidence of disease")
    elif not facts.extent:
        unknown.append("extent")
    for text, gap in (_function(facts, dictionary), _receptors(facts), _course(facts, free=free), _performance(facts)):
        if text:
            parts.append(text)
        if gap:
            unknown.append(gap)
    return ClinicalLine(tuple(parts), tuple(unknown))


def _tumor(facts: LineFacts, dictionary: DataDictionary) -> str:
    lung = LUNG.get(facts.lung_histology) if facts.primary_site in ("", "lung") else None
    text = lung or _named(facts, dictionary)
    if facts.grade:
        text += f", {facts.grade}"
        if facts.ki67:
            text += f" (Ki-67 {facts.ki67})"
    elif facts.ki67:
        text += f", Ki-67 {facts.ki67}"
    if facts.extent and facts.disease_status != "no_evidence_of_disease":
        text += f", {_extent(facts, dictionary)}"
    return text


def _named(facts: LineFacts, dictionary: DataDictionary) -> str:
    kind = KINDS.get(facts.differentiation, "NEN")
    match facts.primary_site:
        case "":
            return f"{kind}, primary site not recorded"
        case "pheochromocytoma_paraganglioma":
            return "Pheochromocytoma or paraganglioma"
        case "unknown_primary":
            return f"{kind} of unknown primary"
        case "other":
            return f"{kind} of another site"
        case site:
            return f"{SITES.get(site) or capital(dictionary.features['primary_site'].label(site))} {kind}"


def _extent(facts: LineFacts, dictionary: DataDictionary) -> str:
    extent = dictionary.features["extent"].label(facts.extent)
    if facts.extent != "metastatic":
        return extent
    if facts.metastatic_sites is None:
        return f"{extent} (sites not known)"
    if not facts.metastatic_sites:
        return extent
    label = dictionary.features["metastatic_sites"].label
    return f"{extent}: {', '.join(SHORT_SITES.get(site) or label(site) for site in facts.metastatic_sites)}"


def _function(facts: LineFacts, dictionary: DataDictionary) -> tuple[str, str]:
    match facts.functional_status:
        case "functional":
            syndrome = facts.hormone_syndrome
            if not syndrome or syndrome == "none":
                return "functional", "" if syndrome else "hormone syndrome"
            words = SHORT_SYNDROMES.get(syndrome) or dictionary.features["hormone_syndrome"].label(syndrome)
            return f"functional ({words})", ""
        case "non_functional":
            return "non-functional", ""
    return "", "hormone function"


def _receptors(facts: LineFacts) -> tuple[str, str]:
    text = RECEPTORS.get(facts.sstr_status, "")
    if facts.krenning:
        text = f"{text} (Krenning {facts.krenning})" if text else f"Krenning {facts.krenning}"
    return text, "" if text else "SSTR imaging"


def _course(facts: LineFacts, *, free: bool) -> tuple[str, str]:
    if facts.progression in ("progressing", "stable"):
        return ("" if free else facts.progression), ""
    return "", "" if free else "course"


def _performance(facts: LineFacts) -> tuple[str, str]:
    return (f"ECOG {facts.ecog}", "") if facts.ecog else ("", "ECOG")
