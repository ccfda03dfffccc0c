"""The card tells what the disc grader learned from, and how well it agrees with a reader."""

from __future__ import annotations

from typing import Any

from lumbargrade.grading.system import SAGITTAL_SYSTEMS
from lumbargrade.training.export.card_discs import disc_grades_section

ENTRY: dict[str, Any] = {
    "system": SAGITTAL_SYSTEMS["PFIRRMANN"].to_dict(),
    "contrasts": ["t2"],
    "training_discs": 70,
    "training_patients": 10,
    "simulated_discs": 60,
    "simulated_patients": 3,
    "credit": "Drawn, public domain.",
    "set_aside": {
        "discs": 20,
        "patients": 4,
        "kappa_linear": 0.618,
        "exact": 0.5,
        "majority": 0.3,
        "merged": {"kappa_linear": None, "balanced_accuracy": 0.6},
    },
}


def told(**changes: Any) -> str:
    (section,) = disc_grades_section({"disc_grader": {**ENTRY, **changes}})
    return f"{section.title}\n{section.text}"


def test_material_and_figures_are_told() -> None:
    text = told()
    assert "T2-weighted sagittal series by PFIRRMANN" in text
    assert "grades 1 to 5" in text
    assert "70 **real** discs of 10 patients and 60 simulated discs of 3 simulated" in text
    assert "Drawn, public domain." in text
    assert "20 discs of 4 patients set aside" in text
    assert "0.62" in text


def test_each_of_several_systems_has_its_figures() -> None:
    slip = {
        "system": SAGITTAL_SYSTEMS["SLIP"].to_dict(),
        "set_aside": {
            "discs": 18,
            "patients": 3,
            "kappa_linear": 0.4,
            "balanced_accuracy": 0.71,
            "exact": 0.9,
            "majority": 0.8,
        },
    }
    modic = {"system": SAGITTAL_SYSTEMS["MODIC"].to_dict(), "set_aside": {}}
    first = {name: ENTRY[name] for name in ("system", "set_aside")}
    text = told(graded=[first, slip, modic])
    assert "by PFIRRMANN, lumbar disc degeneration (Pfirrmann), grades 1 to 5; SLIP, " in text
    assert "| SLIP | 18 discs of 3 patients set aside |" in text
    assert "| balanced accuracy | 0.71 |" in text
    assert "MODIC: no disc set aside has a grade of it" in text


def test_nobody_set_aside_is_said() -> None:
    said = "No disc set aside has a grade of it: how well it grades is not known."
    assert said in told(set_aside={})


def test_without_a_disc_grader_there_is_no_section() -> None:
    assert disc_grades_section({}) == []
