"""The model card that travels with a bundle, written from its manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def model_card(manifest: Mapping[str, Any]) -> str:
    """Return the card as Markdown."""
    return (
        "\n\n".join(
            [
                f"# {manifest['name']} {manifest['version']}",
                _purpose(manifest),
                _data(manifest),
                _training(manifest),
                _validation(manifest),
                _calibration(manifest),
                sets_text(manifest),
                _limits(manifest),
            ]
        )
        + "\n"
    )


def _purpose(manifest: Mapping[str, Any]) -> str:
    systems = "\n".join(
        f"- **{system['code']}** {system['name']}, grades 0-{len(system['grades']) - 1}"
        + (", left and right" if system["per_side"] else "")
        + f". Source: {system['source']}"
        for system in manifest["grading_systems"]
    )
    contrasts = " and ".join(c.upper() + "-weighted" for c in manifest["contrasts"])
    return (
        "**Research use only. Not a medical device; not for clinical use.**\n\n"
        f"Grades axial {contrasts} slices of the lumbar spine:\n\n{systems}"
    )


def _data(manifest: Mapping[str, Any]) -> str:
    data = manifest["data"]
    origin = (
        "**simulated** studies only: a parametric anatomy and a model of the scan. "
        "No patient's picture was used, and nothing here says how well it does on patients"
        if data["simulated"]
        else "studies of patients"
    )
    return (
        "## Data\n\n"
        f"{data['patients']} patients, {data['slices']} axial slices, {origin}. "
        f"Learned from {data['training_patients']} patients ({data['training_slices']} slices); "
        "the others are for validation and test, split by patient. "
        f"Scanners: {', '.join(data['scanners'])}. Fingerprint of the data: "
        f"`{data['fingerprint']}`."
    )


def _training(manifest: Mapping[str, Any]) -> str:
    recipe = manifest["recipe"]
    network, optimiser = recipe["network"], recipe["optimiser"]
    start = "ImageNet weights" if network["imagenet_weights"] else "random weights"
    if network.get("start_from"):
        start = f"the weights of the bundle {manifest['started_from']}"
    patch = manifest["patch"]
    return (
        "## Network and training\n\n"
        f"{network['backbone']} on a square of {patch['size_mm']:g} mm, {patch['pixels']} x "
        f"{patch['pixels']} pixels, one linear head per output, from {start}; "
        f"{optimiser['name']}, peak learning rate {optimiser['learning_rate']:g}, batch "
        f"{optimiser['batch']}, at most {optimiser['epochs']} epochs. The whole recipe is in "
        "`bundle.json`."
    )


def _validation(manifest: Mapping[str, Any]) -> str:
    scores = manifest["metrics"]["validation"]
    lines = ["| output | AC1 | linear kappa | recall of each grade |", "|---|---|---|---|"]
    names = sorted({n.split("/")[1] for n in scores if n.startswith("val/") and n.count("/") == 2})
    for name in names:
        recalls = [
            f"{scores[key]:.2f}" if (key := f"val/{name}/recall_{grade}") in scores else "-"
            for grade in range(4 if name != manifest["disc_output"] else 2)
        ]
        kappa, ac1 = (scores.get(f"val/{name}/{key}") for key in ("kappa_linear", "ac1"))
        lines.append(f"| {name} | {_number(ac1)} | {_number(kappa)} | {' / '.join(recalls)} |")
    locator = manifest["metrics"]["locator"]
    text = "## On the validation patients\n\nBy the most probable grade.\n\n" + "\n".join(lines)
    if locator:
        text += (
            f"\n\nRegion locator: median error {locator.get('plain_median_mm', '-')} mm, "
            f"{locator.get('plain_within_10mm', 0):.1%} within 10 mm; on heavily disturbed "
            f"pictures {locator.get('disturbed_median_mm', '-')} mm and "
            f"{locator.get('disturbed_within_10mm', 0):.1%}."
        )
    return text


def _calibration(manifest: Mapping[str, Any]) -> str:
    lines = [
        "| output | temperature | NLL before, after | ECE before, after |",
        "|---|---|---|---|",
    ]
    for name, each in manifest["metrics"]["calibration"].items():
        if not each:
            continue
        temperature = manifest["temperatures"].get(name)
        lines.append(
            f"| {name} | {_number(temperature)} | {each['nll_before']:.3f}, {each['nll_after']:.3f}"
            f" | {each['ece_before']:.3f}, {each['ece_after']:.3f} |"
        )
    parity = manifest["metrics"]["parity"]
    weights = "; ".join(
        f"{name} {', '.join(map(str, each))}" for name, each in manifest["decision_weights"].items()
    )
    return (
        "## Calibration and export\n\n"
        "Temperatures are fitted on the validation patients, so the values after are a little "
        "too good.\n\n" + "\n".join(lines) + "\n\n"
        "When a grade is chosen, each probability is weighed so that rare grades are missed less "
        f"often (grades 0 to 3: {weights}); the probabilities themselves are not changed.\n\n"
        f"Torch and ONNX (float32) differ by at most "
        f"{parity['largest_probability_difference']:.1e} in a probability on "
        f"{parity['slices']:.0f} slices."
    )


def sets_text(manifest: Mapping[str, Any]) -> str:
    """Return the section about sets of grades; it says so where there are none."""
    title = "## Sets of grades\n\n"
    entry = manifest.get("conformal")
    if not entry or not entry["thresholds"]:
        return title + (
            "None: the run does not say whose each slice is, or has too few validation patients."
        )
    lines = [
        "| output | images of | patients, images | coverage | grades in a set | ask a reader |",
        "|---|---|---|---|---|---|",
    ]
    for name, rows in manifest["metrics"]["conformal"].items():
        lines += [
            f"| {name} | {row['group']} | {row['patients']}, {row['images']} "
            f"| {_interval(row['coverage_by_patient'])} | {row['mean_size']:.2f} "
            f"| {row['asked'][0]:.0%} |"
            for row in rows
        ]
    return title + (
        f"Calibrated on the validation patients so that the set holds the true grade in "
        f"{entry['coverage']:.0%} of the images of each grade or more, for a patient like them. "
        "Measured on each fifth of these patients with the thresholds of the others (95 % "
        "interval over patients). Where the grade alone is right more often than that, the set "
        "is that grade and the coverage is higher. A grade that fewer than 9 patients have "
        "takes the largest threshold of the others, without a guarantee.\n\n" + "\n".join(lines)
    )


def _limits(manifest: Mapping[str, Any]) -> str:
    seen = "real MRI, " if manifest["data"]["simulated"] else ""
    return (
        "## Limits\n\n"
        f"- Not shown to work on: {seen}other contrasts, fractures, tumours, infection, "
        "implants, earlier surgery, severe artefacts, transitional vertebrae.\n"
        "- A slice is graded by itself; its neighbours and other series are not read.\n"
        "- Rare grades were seen rarely; read their recall above before you rely on them."
    )


def _interval(given: Sequence[float | None]) -> str:
    value, low, high = given
    return _number(value) + ("" if low is None else f" ({_number(low)}-{_number(high)})")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
