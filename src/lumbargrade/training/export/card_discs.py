"""What the model card says of the network that grades discs on sagittal series."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lumbargrade.evaluation.report.model_card import Section, table
from lumbargrade.inference.discs.entry import graded_parts


def disc_grades_section(manifest: Mapping[str, Any]) -> list[Section]:
    """Return the section of a manifest with a disc grader; none without."""
    given = manifest.get("disc_grader")
    if given is None:
        return []
    parts = graded_parts(given)
    contrasts = " and ".join(one.upper() for one in given["contrasts"])
    text = (
        f"A network of its own grades the discs of {contrasts}-weighted sagittal series by "
        f"{'; '.join(_named(one['system']) for one in parts)}. It was trained on "
        f"{given['training_discs']} **real** "
        f"discs of {given['training_patients']} patients and {given['simulated_discs']} simulated "
        f"discs of {given['simulated_patients']} simulated patients. {given['credit']}"
    ).rstrip()
    tables = [text, *(_scores(one, several=len(parts) > 1) for one in parts)]
    return [Section("Grades of discs", "\n\n".join(tables))]


def _named(system: Mapping[str, Any]) -> str:
    grades = system["grades"]
    ends = f"grades {grades[0]['name']} to {grades[-1]['name']}"
    return f"{system['code']}, {system['name']}, {ends}"


def _scores(part: Mapping[str, Any], several: bool) -> str:
    scores, code = part["set_aside"], part["system"]["code"]
    if not scores:
        unknown = "no disc set aside has a grade of it: how well it grades is not known."
        return f"{code}: {unknown}" if several else unknown.capitalize()
    merged = scores.get("merged")
    lowest = (
        [
            ("linear kappa, the two lowest grades as one", _figure(merged["kappa_linear"])),
            ("balanced accuracy, the same", _figure(merged["balanced_accuracy"])),
        ]
        if merged
        else [("balanced accuracy", _figure(scores["balanced_accuracy"]))]
    )
    rows = [
        ("linear kappa", _figure(scores["kappa_linear"])),
        *lowest,
        ("the reader's grade", _figure(scores["exact"])),
        ("share of the commonest grade", _figure(scores["majority"])),
    ]
    shown = f"{scores['discs']} discs of {scores['patients']} patients set aside"
    return table((code if several else "discs", shown), rows)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
