"""The card of a bundle: every figure of its manifest, and what is not known as such."""

from __future__ import annotations

from typing import Any

from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.training.export.model_card import model_card, sets_text


def manifest(**changes: Any) -> dict[str, Any]:
    """A manifest with all that a card reads."""
    return {
        "name": "small",
        "version": "1",
        "contrasts": ["t2", "t1"],
        "grading_systems": [system.to_dict() for system in GRADING_SYSTEMS.values()],
        "disc_output": "disc",
        "patch": {"size_mm": 75.0, "pixels": 128},
        "temperatures": {"LDH": 1.25},
        "decision_weights": {"LDH": [1.0, 1.5, 2.0, 3.0]},
        "started_from": "",
        "data": {
            "simulated": True,
            "patients": 12,
            "slices": 36,
            "training_patients": 8,
            "training_slices": 24,
            "scanners": ["near", "far"],
            "fingerprint": "abc",
        },
        "recipe": {
            "network": {"backbone": "resnet18", "imagenet_weights": "", "start_from": ""},
            "optimiser": {"name": "adamw", "learning_rate": 0.001, "batch": 8, "epochs": 3},
        },
        "metrics": {
            "validation": {
                "val/LDH/ac1": 0.81,
                "val/LDH/kappa_linear": 0.7,
                "val/LDH/recall_0": 0.95,
                "val/LDH/recall_3": 0.5,
                "val/disc/recall_0": 0.9,
                "val/disc/recall_1": 0.8,
                "val/loss": 1.0,
            },
            "locator": {},
            "calibration": {
                "LDH": {
                    "nll_before": 0.9,
                    "nll_after": 0.8,
                    "ece_before": 0.1,
                    "ece_after": 0.05,
                },
                "LCCS": {},
            },
            "parity": {"largest_probability_difference": 2e-5, "slices": 16.0},
            "conformal": {},
        },
        **changes,
    }


def test_the_figures_of_the_manifest_are_on_the_card() -> None:
    card = model_card(manifest())
    for text in (
        "axial T2-weighted and T1-weighted slices of the lumbar spine",
        "12 patients, 36 axial slices, **simulated** studies only",
        "Trained on 8 patients (24 slices)",
        "Scanners: near, far. Fingerprint of the data: `abc`.",
        "resnet18 on a square of 75 mm, 128 x 128 pixels",
        "from random weights; adamw, peak learning rate 0.001, batch 8, at most 3 epochs",
        "| LDH | 0.81 | 0.70 | 0.95 / - / - / 0.50 |",
        "| disc | - | - | 0.90 / 0.80 |",
        "| LDH | 1.25 | 0.900, 0.800 | 0.100, 0.050 |",
        "(grades 0 to 3: LDH 1.0, 1.5, 2.0, 3.0)",
        "differ by at most 2.0e-05 in a probability on 16 slices",
        "**LNRC** ",
        ", grades 0-3, left and right.",
    ):
        assert text in card, text
    assert "Region locator" not in card


def test_drawn_boxes_are_told() -> None:
    patch = {"size_mm": 71.5, "pixels": 128, "region": "drawn", "expand": 1.2}
    card = model_card(manifest(patch=patch))
    assert "the box that a reader drew, made square and expanded by 1.2 (median 71.5 mm" in card


def test_patients_are_not_called_simulated() -> None:
    data = manifest()["data"] | {"simulated": False}
    card = model_card(manifest(data=data))
    assert "36 axial slices, studies of patients." in card
    assert "simulated" not in card


def test_where_the_weights_came_from() -> None:
    network = {"backbone": "resnet50", "imagenet_weights": "x", "start_from": ""}
    recipe = manifest()["recipe"] | {"network": network}
    assert "from ImageNet weights;" in model_card(manifest(recipe=recipe))
    recipe["network"] = network | {"start_from": "b.zip"}
    card = model_card(manifest(recipe=recipe, started_from="first 1 (abc; simulation)"))
    assert "from the weights of the bundle first 1 (abc; simulation);" in card


def test_the_locators_errors_are_told() -> None:
    metrics = manifest()["metrics"] | {
        "locator": {
            "plain_median_mm": 1.2,
            "plain_within_10mm": 0.987,
            "disturbed_median_mm": 2.5,
            "disturbed_within_10mm": 0.9,
        }
    }
    card = model_card(manifest(metrics=metrics))
    assert "median error 1.2 mm, 98.7% within 10 mm; on heavily disturbed" in card
    assert "2.5 mm and 90.0%." in card


def test_a_share_without_an_interval_is_printed_alone() -> None:
    row = {
        "group": "all",
        "patients": 12,
        "images": 36,
        "coverage_by_patient": [0.91, None, None],
        "mean_size": 1.5,
        "asked": [0.25, 0.2, 0.3],
    }
    text = sets_text(
        {
            "conformal": {"coverage": 0.9, "thresholds": {"LDH": [1, 1, 1, 1]}},
            "metrics": {"conformal": {"LDH": [row]}},
        }
    )
    assert "| LDH | all | 12, 36 | 0.91 | 1.50 | 25% |" in text
    assert "the true grade in 90% or more of the images" in text


def test_maps_of_another_outline_network_are_told() -> None:
    given = manifest(grader_outliner="abc", files={"outliner.onnx": "abd"})
    assert "maps of another outline network than this bundle's" in model_card(given)
    given["files"]["outliner.onnx"] = "abc"
    assert "another outline network" not in model_card(given)


def test_where_real_slices_come_from_is_said() -> None:
    card = model_card(manifest(data={**manifest()["data"], "origin": "a set, CC BY 4.0"}))
    assert "Origin: a set, CC BY 4.0." in card


def test_bent_slices_are_named_where_real_ones_could_be_bent() -> None:
    recipe = {**manifest()["recipe"], "bends": {"per_slice": 3}}
    mixed = {**manifest()["data"], "real_patients": 2, "real_slices": 6}
    assert "bent to known grades, up to 3 times each" in model_card(
        manifest(recipe=recipe, data=mixed)
    )
    assert "bent to known" not in model_card(manifest(recipe=recipe))
    assert "bent to known" not in model_card(manifest(data=mixed))


FINDER = {
    "training_slices": 40,
    "training_patients": 20,
    "simulated_slices": 300,
    "credit": "Marked by us.",
    "set_aside": {
        "slices": 9,
        "patients": 5,
        "discs": 54,
        "found": 0.963,
        "corner_median_mm": 1.8,
        "sacrum_right": 8 / 9,
    },
}


def test_what_the_disc_finder_learned_and_how_well_it_finds_are_told() -> None:
    assert "finds the discs" not in model_card(manifest())
    assert "No patient images were used;" in model_card(manifest())
    card = " ".join(model_card(manifest(disc_finder=FINDER)).split())
    for text in (
        "40 **real** slices of 20 patients and 300 simulated slices. Marked by us.",
        "9 slices of 5 patients set aside",
        "96.3% of 54",
        "1.8 mm",
        "88.9%",
        "No patient images were used for the grades;",
    ):
        assert text in card
    nobody = model_card(manifest(disc_finder={**FINDER, "set_aside": {}, "credit": ""}))
    assert "how well it finds discs is not known." in " ".join(nobody.split())
