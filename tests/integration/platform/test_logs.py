"""Logs hold what happened, never to whom."""

import io
import logging

from netcare.logs import WithoutPatientData, without_patient_data


def test_identifiers_and_query_strings_are_cut_from_what_is_logged() -> None:
    said = "GET /patients/0f8fad5b-d9cb-469f-a165-70867728950e/?q=EXAMPLE%20Alder answered 500"
    assert without_patient_data(said) == "GET /patients/<id>/?… answered 500"


def test_of_an_exception_only_its_kind_and_place_are_logged() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(WithoutPatientData())
    logger = logging.getLogger("tests.logs")
    logger.addHandler(handler)
    logger.propagate = False
    try:
        raise ValueError("EXAMPLE, Alder was born on 3 May 1961")
    except ValueError:
        logger.exception("A page failed for %s", "0f8fad5b-d9cb-469f-a165-70867728950e")
    logger.removeHandler(handler)
    logged = stream.getvalue()
    assert logged.startswith("A page failed for <id> (ValueError)\n")
    assert "test_of_an_exception_only_its_kind_and_place_are_logged" in logged
    assert "Alder" not in logged
