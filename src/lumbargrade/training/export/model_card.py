"""The model card that travels with a bundle, written from its manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lumbargrade.evaluation.report.model_card import Card, Section, render, table
from lumbargrade.inference.bundle_json import OUTLINER_FILE, PICTURE_INPUT
from lumbargrade.study.squares import FIXED
from lumbargrade.training.export.card_discs import disc_grades_section

_SCORES = ("nll", "ece")
_MEASURE_SCORES = ("mean_error", "correlation")


def model_card(manifest: Mapping[str, Any]) -> str:
    """Return the card of a bundle as Markdown."""
    contrasts = " and ".join(c.upper() + "-weighted" for c in manifest["contrasts"])
    return render(
        Card(
            model=f"{manifest['name']} {manifest['version']}",
            systems=[_system(one) for one in manifest["grading_systems"]],
            input=f"axial {contrasts} slices of the lumbar spine",
            sections=[
                Section("Data", _data(manifest)),
                Section("Network and training", _training(manifest)),
                Section("On the validation patients", _validation(manifest)),
                Section("Calibration and export", _calibration(manifest)),
                *_measures(manifest),
                Section("Sets of grades", sets_text(manifest)),
                *_outlines(manifest),
                *_finder(manifest),
                *disc_grades_section(manifest),
            ],
            limits=(),
            simulated=manifest["data"]["simulated"],
        )
    )


def _system(system: Mapping[str, Any]) -> str:
    sides = ", left and right" if system["per_side"] else ""
    grades = f"grades 0-{len(system['grades']) - 1}"
    return f"**{system['code']}** {system['name']}, {grades}{sides}. Source: {system['source']}"


def _outlines(manifest: Mapping[str, Any]) -> list[Section]:
    given = manifest.get("outliner")
    if given is None:
        return []
    rows = [
        (name, *(_figure(scores["dice"].get(name)) for scores in given["set_aside"].values()))
        for name in given["layers"]
        if any(name in scores["dice"] for scores in given["set_aside"].values())
    ]
    columns = [
        f"Dice, {name} ({scores['slices']} slices of {scores['patients']} patients)"
        for name, scores in given["set_aside"].items()
    ]
    text = (
        f"A network of its own, trained on {given['training_slices']} **real** slices of "
        f"{given['training_patients']} patients whose anatomy was traced by hand, and on "
        f"{given['training_drafts']} simulated slices and slices drawn by an earlier network, a "
        f"fifth as often. {given['credit']}\n\nOn traced patients set aside:\n\n"
    )
    errors = [(name, f"{value:g}") for name, value in given["measure_errors"].items()]
    measures = (
        "\n\nMedian difference from the measures of the traced outlines (unit in the name):\n\n"
        + table(("measure", "difference"), errors)
    )
    return [Section("Outlines", text + table(("outline", *columns), rows) + measures)]


def _finder(manifest: Mapping[str, Any]) -> list[Section]:
    given = manifest.get("disc_finder")
    if given is None:
        return []
    text = (
        "A network of its own finds the discs on sagittal slices. It was trained on "
        f"{given['training_slices']} **real** slices of {given['training_patients']} patients and "
        f"{given['simulated_slices']} simulated slices. {given['credit']}"
    ).rstrip()
    scores = given["set_aside"]
    if not scores:
        text += "\n\nNobody was set aside: how well it finds discs is not known."
        return [Section("Discs", text)]
    off, sacrum = scores["corner_median_mm"], scores["sacrum_right"]
    rows = [
        ("discs found", f"{scores['found']:.1%} of {scores['discs']}"),
        ("corners off, median", "-" if off is None else f"{off:g} mm"),
        ("disc on the sacrum right", "-" if sacrum is None else f"{sacrum:.1%}"),
    ]
    shown = f"{scores['slices']} slices of {scores['patients']} patients set aside"
    return [Section("Discs", f"{text}\n\n" + table(("discs", shown), rows))]


def _measures(manifest: Mapping[str, Any]) -> list[Section]:
    scores = manifest["metrics"]["validation"]
    rows = []
    for one in manifest.get("measure_outputs", []):
        each = [scores.get(f"val/measures/{one['name']}/{key}") for key in _MEASURE_SCORES]
        rows.append([one["name"], f"{one['spread']:.3g}", *map(_number, each)])
    if not rows:
        return []
    columns = ("measure", "spread in training", "mean error", "correlation")
    text = "Given beside the grades by the same network, on the validation patients.\n\n"
    return [Section("Measures", text + table(columns, rows))]


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _data(manifest: Mapping[str, Any]) -> str:
    data = manifest["data"]
    unused = "No patient images were used"
    if {"outliner", "disc_finder", "disc_grader"} & set(manifest):
        unused += " for the grades"
    origin = (
        "**simulated** studies only: parametric anatomy and a model of image acquisition. "
        f"{unused}; there is no evidence here of performance in patients"
        if data["simulated"]
        else "studies of patients"
    )
    if real := data["simulated"] and data.get("real_slices", 0):
        origin = (
            f"of which {data['slices'] - real} slices of "
            f"{data['patients'] - data['real_patients']} patients are **simulated** and {real} "
            f"slices of {data['real_patients']} patients are **real**"
        )
    named = f"Origin: {data['origin']}. " if data.get("origin") else ""
    return (
        f"{data['patients']} patients, {data['slices']} axial slices, {origin}. {named}"
        f"Trained on {data['training_patients']} patients ({data['training_slices']} slices); "
        f"the others served validation and test, split by patient. {_bends(manifest)}"
        f"Scanners: {', '.join(data['scanners'])}. Fingerprint of the data: "
        f"`{data['fingerprint']}`."
    )


def _bends(manifest: Mapping[str, Any]) -> str:
    bends = manifest["recipe"].get("bends", {}).get("per_slice", 0)
    data = manifest["data"]
    if not bends or (data["simulated"] and not data.get("real_slices")):
        return ""
    return (
        "Beside these, real slices without findings of training patients were bent to known "
        f"grades, up to {bends} times each. "
    )


def _training(manifest: Mapping[str, Any]) -> str:
    recipe = manifest["recipe"]
    network, optimiser = recipe["network"], recipe["optimiser"]
    start = "ImageNet weights" if network["imagenet_weights"] else "random weights"
    if network.get("start_from"):
        start = f"the weights of the bundle {manifest['started_from']}"
    patch = manifest["patch"]
    shown = manifest.get("grader_input", PICTURE_INPUT)[1:]
    beside = f" and maps of its {', '.join(shown[:-1])} and {shown[-1]}" if shown else ""
    mirrored = "A grade is the mean (of logits) of a slice and its mirror image. "
    return (
        f"{network['backbone']} on {_square(patch)}, {patch['pixels']} x "
        f"{patch['pixels']} pixels{beside}, one linear head per output, from {start}; "
        f"{optimiser['name']}, peak learning rate {optimiser['learning_rate']:g}, batch "
        f"{optimiser['batch']}, at most {optimiser['epochs']} epochs. "
        f"{mirrored if manifest.get('mirror_average') else ''}{_other_outlines(manifest)}"
        "The whole recipe is in "
        "`bundle.json`."
    )


def _square(patch: Mapping[str, Any]) -> str:
    """A bundle from before there were rules reads a square of one size."""
    if patch.get("region", FIXED) == FIXED:
        return f"a square of {patch['size_mm']:g} mm"
    return (
        f"the box that a reader drew, made square and expanded by {patch['expand']:g} (median "
        f"{patch['size_mm']:g} mm, which stands in where nobody drew one)"
    )


def _other_outlines(manifest: Mapping[str, Any]) -> str:
    """Say so where the grader's maps were drawn by another network than the bundle's."""
    drawn_by = manifest.get("grader_outliner")
    if drawn_by is None or drawn_by == manifest["files"].get(OUTLINER_FILE, drawn_by):
        return ""
    return (
        "**The grades were learned with the maps of another outline network than this bundle's: "
        "temperatures and sets are not theirs.** "
    )


def _validation(manifest: Mapping[str, Any]) -> str:
    scores = manifest["metrics"]["validation"]
    columns, rows = ("output", "AC1", "linear kappa", "recall of each grade"), []
    names = sorted({n.split("/")[1] for n in scores if n.startswith("val/") and n.count("/") == 2})
    for name in names:
        recalls = [
            f"{scores[key]:.2f}" if (key := f"val/{name}/recall_{grade}") in scores else "-"
            for grade in range(4 if name != manifest["disc_output"] else 2)
        ]
        kappa, ac1 = (scores.get(f"val/{name}/{key}") for key in ("kappa_linear", "ac1"))
        rows.append([name, _number(ac1), _number(kappa), " / ".join(recalls)])
    locator = manifest["metrics"]["locator"]
    text = "By the most probable grade.\n\n" + table(columns, rows)
    if locator:
        text += (
            f"\n\nRegion locator: median error {locator.get('plain_median_mm', '-')} mm, "
            f"{locator.get('plain_within_10mm', 0):.1%} within 10 mm; on heavily disturbed "
            f"images {locator.get('disturbed_median_mm', '-')} mm and "
            f"{locator.get('disturbed_within_10mm', 0):.1%}."
        )
    return text


def _calibration(manifest: Mapping[str, Any]) -> str:
    columns, rows = ("output", "temperature", "NLL before, after", "ECE before, after"), []
    for name, each in manifest["metrics"]["calibration"].items():
        if not each:
            continue
        temperature = manifest["temperatures"].get(name)
        pairs = (f"{each[f'{key}_before']:.3f}, {each[f'{key}_after']:.3f}" for key in _SCORES)
        rows.append([name, _number(temperature), *pairs])
    parity = manifest["metrics"]["parity"]
    weights = "; ".join(
        f"{name} {', '.join(map(str, each))}" for name, each in manifest["decision_weights"].items()
    )
    return (
        "Temperatures are fitted on the validation patients, so the values after scaling are "
        "slightly optimistic.\n\n" + table(columns, rows) + "\n\n"
        "Probabilities are weighted when the grade is chosen, so that rare grades are missed less "
        f"often (grades 0 to 3: {weights}); the probabilities themselves are not changed.\n\n"
        f"Torch and ONNX (float32) differ by at most "
        f"{parity['largest_probability_difference']:.1e} in a probability on "
        f"{parity['slices']:.0f} slices."
    )


def sets_text(manifest: Mapping[str, Any]) -> str:
    """Return the section about sets of grades; it says so where there are none."""
    entry = manifest.get("conformal")
    if not entry or not entry["thresholds"]:
        return (
            "None: the run does not record the patient of each slice, or has too few validation "
            "patients."
        )
    columns = ("output", "images of", "patients, images", "coverage", "grades in a set", "review")
    rows = [
        [
            name,
            row["group"],
            f"{row['patients']}, {row['images']}",
            _interval(row["coverage_by_patient"]),
            f"{row['mean_size']:.2f}",
            f"{row['asked'][0]:.0%}",
        ]
        for name, each in manifest["metrics"]["conformal"].items()
        for row in each
    ]
    return (
        f"Calibrated on the validation patients so that the set contains the true grade in "
        f"{entry['coverage']:.0%} or more of the images of each grade, in patients like these. "
        "Measured by five-fold cross-validation over these patients (95 % "
        "interval over patients). Where the grade alone is right more often than that, the set "
        "is that grade and the coverage is higher. Review: share of images that need review "
        "by a reader. A grade found in fewer than 9 patients takes the largest threshold of "
        "the others, without a guarantee.\n\n" + table(columns, rows)
    )


def _interval(given: Sequence[float | None]) -> str:
    value, low, high = given
    return _number(value) + ("" if low is None else f" ({_number(low)}-{_number(high)})")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
