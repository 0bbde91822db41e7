"""An option that was added in a draft and published can be recorded as a treatment, and the rules read it."""

from datetime import date

import pytest

from netcare.access import Actor
from pathways.actions.publishing import publish
from pathways.assessing import assess_tumor
from pathways.drafting.content import Place, put
from pathways.engine import Ruleset, read_json
from pathways.models import RulesetVersion
from patients.actions import NewTreatment, Refused, record_treatment, register_patient
from patients.entry.dates import PartialDate
from patients.models import Tumor
from tests.cast import SYSTEM, Cast, acting, signed_in
from tests.integration.drafts.conftest import NOW

OPTION = {"code": "alpha_prrt", "group": "radionuclide", "title": "Alpha PRRT", "note": "", "beyond": True, "about": {}}


def with_the_option(published: RulesetVersion) -> Ruleset:
    """Version 1 with a new option, indicated for everybody and ruled out for whom it failed."""
    data = put(read_json(published.content), Place("options", "alpha_prrt"), OPTION)
    cited = {"option": "alpha_prrt", "rationale": "r", "sources": [{"id": "F011"}], "strength": "trial"}
    when = {"feature": "progressed_on", "op": "contains", "value": "alpha_prrt"}
    data = put(
        data,
        Place("rules", "ALPHA-I1"),
        {"code": "ALPHA-I1", "effect": "indication", "when": {"always": True}, **cited},
    )
    data = put(data, Place("rules", "ALPHA-E1"), {"code": "ALPHA-E1", "effect": "exclusion", "when": when, **cited})
    return Ruleset.from_data(data)


def test_what_was_given_of_a_new_option_is_recorded_and_read_by_the_rules(
    published: RulesetVersion, cast: Cast
) -> None:
    clara: Actor = acting(cast.clara)
    patient = register_patient(
        actor=clara, mrn="N-1", family_name="Ash", given_name="Rowan", birth_on=date(1965, 12, 24), sex="male",
        teams=[cast.abdomen], now=NOW,
    )  # fmt: skip
    failed = NewTreatment("alpha_prrt", "stopped", PartialDate(date(2026, 5, 1), "day"), outcomes=("progressed",))
    with pytest.raises(Refused, match="is not a treatment of the catalogue"):
        record_treatment(actor=clara, patient=patient, treatment=failed, now=NOW)
    publish(ruleset=with_the_option(published), note="", actor=SYSTEM, by=None, at=NOW)
    tumor = Tumor.objects.get(patient=patient)
    assert assess_tumor(tumor, as_of=NOW.date()).assessment.option("alpha_prrt").status == "conditional"
    page = signed_in(cast.clara).get(f"/patients/{patient.pk}/data/treatments/new/").content.decode()
    assert "Alpha PRRT" in page
    record_treatment(actor=clara, patient=patient, treatment=failed, now=NOW)
    assert assess_tumor(tumor, as_of=NOW.date()).assessment.option("alpha_prrt").status == "excluded"
    assert "Alpha PRRT" in signed_in(cast.clara).get(f"/patients/{patient.pk}/data/treatments/").content.decode()
