"""What the model card says of the network that grades discs on sagittal series."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lumbargrade.evaluation.report.model_card import Section, table


def disc_grades_section(manifest: Mapping[str, Any]) -> list[Section]:
    """Return the section of a manifest with a disc grader; none without."""
    given = manifest.get("disc_grader")
    if given is None:
        return []
    system = given["system"]
    contrasts = " and ".join(one.upper() for one in given["contrasts"])
    text = (
        f"A network of its own grades the discs of {contrasts}-weighted sagittal series by "
        f"{system['code']}, {system['name']}, grades {system['grades'][0]['name']} to "
        f"{system['grades'][-1]['name']}. It was trained on {given['training_discs']} **real** "
        f"discs of {given['training_patients']} patients and {given['simulated_discs']} simulated "
        f"discs of {given['simulated_patients']} simulated patients. {given['credit']}"
    ).rstrip()
    scores = given["set_aside"]
    if not scores:
        text += "\n\nNobody was set aside: how well it grades is not known."
        return [Section("Grades of discs", text)]
    merged = scores["merged"]
    rows = [
        ("linear kappa", _figure(scores["kappa_linear"])),
        ("linear kappa, the two lowest grades as one", _figure(merged["kappa_linear"])),
        ("balanced accuracy, the same", _figure(merged["balanced_accuracy"])),
        ("the reader's grade", _figure(scores["exact"])),
        ("share of the commonest grade", _figure(scores["majority"])),
    ]
    shown = f"{scores['discs']} discs of {scores['patients']} patients set aside"
    return [Section("Grades of discs", f"{text}\n\n" + table(("discs", shown), rows))]


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
