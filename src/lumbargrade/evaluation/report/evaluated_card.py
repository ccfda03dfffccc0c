"""The model card of an evaluation: the figures of the report, in the form of a card."""

from __future__ import annotations

from collections.abc import Sequence

from lumbargrade.evaluation.measures.certainty import Calibration, Certainty
from lumbargrade.evaluation.measures.system_figures import SystemFigures
from lumbargrade.evaluation.report.labels import FIGURE_NAMES
from lumbargrade.evaluation.report.model_card import Card, Section, render, table
from lumbargrade.evaluation.results import Evaluation
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.statistics.format_estimates import number, show, signed

LOW_RECALL = 0.5
"""A grade that is found less often than this is named among the limits."""
_PERFORMANCE = ("ac1", "kappa_linear", "auc_marked", "accuracy")


def evaluated_card(evaluation: Evaluation) -> str:
    """Return the card of the evaluated model as Markdown."""
    material = evaluation.material
    shown = evaluation.figures
    sections = [
        Section("Data", _data(evaluation)),
        Section("Performance, images", _performance(evaluation, shown)),
        Section("Each grade", _grades(shown)),
    ]
    if evaluation.drops:
        sections.append(Section("Internal and external set", _drop(evaluation)))
    if found := evaluation.certainties:
        sections.append(Section("Calibration and review by a reader", _doubt(found)))
    return render(
        Card(
            model=_plain(material.model),
            systems=[_system(code) for code in material.records],
            input="axial slices of the lumbar spine",
            sections=sections,
            limits=[*material.notes, *_weak(shown)],
            simulated=material.simulated,
        )
    )


def _plain(text: str) -> str:
    """Names come from files: no markup, no line of their own."""
    return "".join(one for one in text if one.isprintable() and one not in "<>[]`*#|")


def _system(code: str) -> str:
    system = GRADING_SYSTEMS[code]
    sides = ", left and right" if system.per_side else ""
    return f"**{code}** {system.name}, grades 0-{len(system.grades) - 1}{sides}"


def _data(evaluation: Evaluation) -> str:
    material = evaluation.material
    sizes = "; ".join(
        f"{one.name}: {one.patients} patients, {one.images} images" for one in material.flow.parts
    )
    trained_on = _plain(material.trained_on) or "not stated by the model"
    return (
        f"Trained on: {trained_on}. Evaluated on {_plain(material.cohort)} ({sizes}). "
        "Network, recipe and training data are described in the model card of the bundle."
    )


def _performance(evaluation: Evaluation, shown: Sequence[SystemFigures]) -> str:
    rows = [
        [
            *(one.group, one.system, str(one.images)),
            *(show(one.figures[name]) for name in _PERFORMANCE),
            number(one.chance["ac1"], 2),
            number(one.figures["majority_baseline"].value, 2),
        ]
        for one in shown
    ]
    options = evaluation.options
    heads = (*(FIGURE_NAMES[name] for name in _PERFORMANCE), "AC1, chance", "majority class")
    return (
        f"With {100 * options.confidence:.0f} % intervals over patients ({options.resamples} "
        "resamples; proportions for each grade: Wilson's). Sex, age, level, scanner, site: see the "
        "subgroups of the report.\n\n" + table(("group", "system", "images", *heads), rows)
    )


def _grades(shown: Sequence[SystemFigures]) -> str:
    rows = [
        [
            one.group,
            one.system,
            str(row.grade),
            f"{row.images} / {row.patients}",
            show(row.recall),
            show(row.precision),
        ]
        for one in shown
        for row in one.grades
    ]
    return table(("group", "system", "grade", "images / patients", "recall", "precision"), rows)


def _drop(evaluation: Evaluation) -> str:
    rows = [
        [
            one.system,
            FIGURE_NAMES[one.figure],
            show(one.internal),
            show(one.external),
            signed(one.difference),
        ]
        for one in evaluation.drops
    ]
    return table(("system", "figure", "internal", "external", "external - internal"), rows)


def _doubt(found: Sequence[Certainty]) -> str:
    rows = []
    for one in found:
        whole = next((row for row in one.sets if row.group == "all"), None)
        rows.append(
            [
                one.part,
                one.system,
                _error(one.before),
                _error(one.after),
                number(one.after.brier.value, 3),
                show(whole.by_patient) if whole else "no sets",
                f"{one.referral.asked:.1%}",
            ]
        )
    limit = found[0].referral.limit
    heads = (
        "group",
        "system",
        "calibration error before temperature",
        "calibration error",
        "Brier score",
        "set holds the true grade",
        f"images for review so that the error is shown to be at most {100 * limit:g} %",
    )
    return table(heads, rows)


def _error(one: Calibration | None) -> str:
    return "not known" if one is None else number(one.error, 3)


def _weak(shown: Sequence[SystemFigures]) -> list[str]:
    """Name what the figures themselves show to be weak."""
    grades = [(f"{o.system} grade {row.grade} ({o.group})", row) for o in shown for row in o.grades]
    found = [
        f"{name}: recall {number(row.recall.value, 2)}"
        for name, row in grades
        if row.recall.value < LOW_RECALL
    ]
    never = [name for name, row in grades if row.images == 0]
    limits = [f"Recall below one half: {'; '.join(found)}."] if found else []
    return limits + ([f"Did not occur, so not evaluated: {', '.join(never)}."] if never else [])
