"""Addresses of this package, so that other pages link straight to the field or the history of a feature."""

from django.urls import reverse

from pathways.engine import Feature
from pathways.knowledge import dictionary
from patients.history import HISTORY_SETS
from patients.models import Patient, Tumor
from patients.topics import topic_of


def data_url(patient: Patient) -> str:
    return reverse("patients:data", kwargs={"patient_id": patient.pk})


def tumor_data_url(patient: Patient, tumor: Tumor) -> str:
    return reverse("patients:tumor_data", kwargs={"patient_id": patient.pk, "number": tumor.number})


def field_url(patient: Patient, tumor: Tumor, feature: str) -> str:
    """Where the value of the feature is entered: the field itself in the form of its topic."""
    if feature in ("age_years", "sex"):
        return reverse("patients:identity", kwargs={"patient_id": patient.pk})
    if feature in HISTORY_SETS:
        return reverse("patients:treatments", kwargs={"patient_id": patient.pk}) + "#history"
    return f"{entry_url(patient, tumor, dictionary().features[feature])}#{anchor(feature)}"


def entry_url(patient: Patient, tumor: Tumor, feature: Feature) -> str:
    return topic_url(patient, tumor, topic_of(feature).code)


def topic_url(patient: Patient, tumor: Tumor, topic: str) -> str:
    return reverse("patients:enter", kwargs={"patient_id": patient.pk, "number": tumor.number, "topic": topic})


def history_url(patient: Patient, tumor: Tumor, feature: str) -> str:
    """Every reading ever entered for the feature."""
    if feature in ("age_years", "sex"):
        return reverse("patients:identity", kwargs={"patient_id": patient.pk})
    if feature in HISTORY_SETS:
        return f"{data_url(patient)}#treatments"
    kwargs = {"patient_id": patient.pk, "number": tumor.number, "feature": feature}
    return reverse("patients:feature", kwargs=kwargs)


def anchor(feature: str) -> str:
    return f"feature-{feature}"
