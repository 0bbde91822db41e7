"""Two reports on one specimen are two lists: under a report the other one is gone, and nothing else has changed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from patients.facts import Facts, Reading
from patients.reports import facts_under, other_report, other_reports, report_key

AS_OF = date(2026, 11, 12)
ENTERED = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
LOCAL, CENTRAL = "pathology report, local", "pathology report, central review"
# What each feature may be read as.
VALUES: dict[str, tuple[Any, ...]] = {
    "ki67_percent": (Decimal(15), Decimal(22), Decimal(2)),
    "grade": ("G1", "G2", "G3"),
    "differentiation": ("well", "poor"),
    "mitoses_per_2mm2": (Decimal(1), Decimal(12)),
}


def reading(feature: str, value: Any, origin: str, specimen: str = "liver biopsy", days: int = 30) -> Reading:
    return Reading(
        feature=feature,
        value=value,
        as_written=str(value),
        unit="",
        observed_on=AS_OF - timedelta(days=days),
        source="pathology report",
        source_text=origin,
        laboratory="",
        method="",
        specimen_or_study=specimen,
        note="",
        entered_by="Clara",
        entered_at=ENTERED,
        finding_id=uuid4(),
    )


def facts_from(*readings: Reading) -> Facts:
    """The last reading of each feature is in force, the others stand beside it."""
    chosen = {one.feature: one for one in readings}
    others = {
        name: rest
        for name in chosen
        if (rest := tuple(one for one in readings if one.feature == name and one is not chosen[name]))
    }
    features = {name: one.value for name, one in chosen.items() if one.value is not None}
    return Facts(AS_OF, features, chosen, others)


def two_reports() -> Facts:
    return facts_from(
        reading("ki67_percent", Decimal(22), LOCAL, days=40),
        reading("grade", "G3", LOCAL, days=40),
        reading("ki67_percent", Decimal(15), CENTRAL),
        reading("grade", "G2", CENTRAL),
    )


def test_the_whole_other_report_takes_the_place_of_the_one_in_force() -> None:
    facts = two_reports()
    (report,) = other_reports(facts)
    under = facts_under(facts, report)
    assert under.features == {"ki67_percent": Decimal(22), "grade": "G3"}
    assert not under.others
    assert not other_reports(under)


def test_it_is_found_by_any_of_its_findings_and_by_no_other() -> None:
    facts = two_reports()
    for name, rest in facts.others.items():
        found = other_report(facts, rest[0].finding_id)
        assert found is not None
        assert found.readings[name] == rest[0]
    assert other_report(facts, facts.readings["grade"].finding_id) is None
    assert other_report(facts, UUID(int=0)) is None


def test_a_settled_reading_does_not_hide_the_other_report_and_a_mixed_record_has_two_others() -> None:
    facts = two_reports()
    local = facts.others["ki67_percent"][0]
    settled = replace(
        facts,
        readings={**facts.readings, "ki67_percent": replace(local, settled=True)},
        others={**facts.others, "ki67_percent": (facts.readings["ki67_percent"],)},
        features={**facts.features, "ki67_percent": Decimal(22)},
    )
    under = [facts_under(settled, report).features for report in other_reports(settled)]
    assert {"ki67_percent": Decimal(22), "grade": "G3"} in under
    assert {"ki67_percent": Decimal(15), "grade": "G2"} in under
    assert len(under) == 2


def test_what_only_the_other_report_says_is_unknown_and_no_older_specimen_takes_its_place() -> None:
    facts = facts_from(
        reading("mitoses_per_2mm2", Decimal(1), LOCAL, "primary, 2019", days=2000),
        reading("ki67_percent", Decimal(22), LOCAL, days=40),
        reading("ki67_percent", Decimal(15), CENTRAL),
        reading("mitoses_per_2mm2", Decimal(12), CENTRAL),
    )
    (report,) = other_reports(facts)
    assert facts_under(facts, report).features == {"ki67_percent": Decimal(22)}


def test_readings_without_a_specimen_are_no_rivals() -> None:
    facts = facts_from(reading("grade", "G1", LOCAL, ""), reading("grade", "G2", CENTRAL, ""))
    assert not other_reports(facts)


@st.composite
def records(draw: st.DrawFn) -> Facts:
    """Some features read in some reports on two specimens."""
    readings = []
    for name, values in VALUES.items():
        for origin, days in ((LOCAL, 40), (CENTRAL, 30), ("second opinion", 20)):
            for specimen in ("liver biopsy", "primary"):
                if draw(st.booleans()):
                    readings.append(reading(name, draw(st.sampled_from(values)), origin, specimen, days))
    return facts_from(*draw(st.permutations(readings)))


@given(records())
def test_under_a_report_every_reading_that_contradicts_it_is_gone_and_nothing_else_has_changed(facts: Facts) -> None:
    for report in other_reports(facts):
        under = facts_under(facts, report)
        live = [*under.readings.values(), *(one for rest in under.others.values() for one in rest)]
        for name, mine in report.readings.items():
            on_it = [one for one in live if one.feature == name and report_key(one)[0] == report.key[0]]
            assert {one.value for one in on_it} <= {mine.value}
        against = {
            report_key(one)
            for one in [*facts.readings.values(), *(one for rest in facts.others.values() for one in rest)]
            if one.feature in report.readings
            and report_key(one)[0] == report.key[0]
            and one.value != report.readings[one.feature].value
        }
        assert not [one for one in live if report_key(one) in against]
        for name, chosen in facts.readings.items():
            if report_key(chosen)[0] != report.key[0] or (
                report_key(chosen) not in against and name not in report.readings
            ):
                assert under.readings[name] == chosen
                assert under.features.get(name) == facts.features.get(name)
        assert set(under.features) == {name for name, one in under.readings.items() if one.known}
        assert all(under.features[name] == under.readings[name].value for name in under.features)
