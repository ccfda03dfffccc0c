"""Reporting checklists: the items that the evaluation answers, and those left to a person.

A list is a TOML file in ``checklists/``; its answers may name the facts of
:func:`facts` in braces.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from lumbargrade import __version__
from lumbargrade.evaluation.measures.subgroups import DIMENSIONS
from lumbargrade.evaluation.results import UNTIED, Evaluation
from lumbargrade.files.table import TextTable
from lumbargrade.statistics.patients import EXTERNAL, INTERNAL, TRAINING

TO_FILL = "TO FILL: "
"""Stands before what a person must write."""


@dataclass(frozen=True)
class Item:
    """One item. ``answer`` or ``person`` may be empty, never both."""

    number: str
    topic: str
    answer: str
    person: str


@dataclass(frozen=True)
class Checklist:
    """A list with its answers filled in."""

    name: str
    source: str
    items: tuple[Item, ...]


def checklists(evaluation: Evaluation) -> tuple[Checklist, ...]:
    """Return every checklist, filled as far as the data can."""
    known = facts(evaluation)
    found = []
    for path in files("lumbargrade.evaluation.report").joinpath("checklists").iterdir():
        if path.name.endswith(".toml"):
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            items = tuple(_item(one, known) for one in data["items"])
            found.append((data["order"], Checklist(data["name"], data["source"], items)))
    return tuple(one for _, one in sorted(found, key=lambda pair: int(pair[0])))


def checklist_table(one: Checklist) -> TextTable:
    """Return a checklist as a table."""
    rows = tuple(
        (
            item.number,
            item.topic,
            " ".join(part for part in (item.answer, item.person and TO_FILL + item.person) if part),
        )
        for item in one.items
    )
    open_items = sum(bool(item.person) for item in one.items)
    return TextTable(
        f"checklist-{one.name.lower().replace('+', '-').replace(' ', '-')}",
        f"Reporting checklist: {one.name}",
        ("item", "topic", "answer"),
        rows,
        f"{one.source}. {len(one.items)} entries; {open_items} to be completed by the authors.",
    )


def facts(evaluation: Evaluation) -> dict[str, str]:
    """Return what the answers of a checklist may name."""
    material, options = evaluation.material, evaluation.options
    images = material.images
    sizes = {
        part.name: f"{part.patients} patients with {part.images} images"
        for part in material.flow.parts
    }
    held = [name for name in (INTERNAL, EXTERNAL) if name in sizes]
    return {
        "model": material.model,
        "software": __version__,
        "cohort": material.cohort[0].upper() + material.cohort[1:],
        "origin": "Simulated studies: no evidence of performance in patients."
        if material.simulated
        else "Studies not marked as simulated.",
        "systems": ", ".join(material.records),
        "scanners": _listed(one.scanner for one in images),
        "fields": _listed(
            f"{one.field_strength_t:g} T" for one in images if one.field_strength_t is not None
        ),
        "parts": _listed(sizes),
        "sizes": " ".join(f"{name[0].upper()}{name[1:]}: {sizes[name]}." for name in held),
        "internal": _set(INTERNAL, sizes),
        "external": _set(EXTERNAL, sizes),
        "missing": _missing(evaluation),
        "split": _split(sizes, material.leakage_checked, material.tied),
        "disjoint": _disjoint(material.leakage_checked, material.tied),
        "practice": "None may be drawn from a simulation."
        if material.simulated
        else "Implications for practice, and their limits.",
        "intervals": f"{100 * options.confidence:.0f} % intervals over patients, "
        f"Student's with the error of {options.resamples} resamples of patients with all their "
        "images; proportions by Wilson's formula, clustered by patient",
        "subgroups": _subgroups(evaluation),
        "drop": "external compared with internal set, with the difference and its interval"
        if evaluation.drops
        else "only one set, so no difference between internal and external",
    }


def _item(data: Mapping[str, str], known: Mapping[str, str]) -> Item:
    return Item(
        number=data.get("number", ""),
        topic=data["topic"],
        answer=data.get("answer", "").format_map(known),
        person=data.get("person", "").format_map(known),
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(set(names))) or "not known"


def _set(part: str, sizes: Mapping[str, str]) -> str:
    return f"{sizes[part]}." if part in sizes else f"This run has no {part} set."


def _missing(evaluation: Evaluation) -> str:
    whole = [one for one in evaluation.figures if one.group == evaluation.figures[0].group]
    counts = [
        f"{one.system}: {one.coverage.not_graded} of {one.coverage.with_reference}" for one in whole
    ]
    return f"Images with a reference that were not graded: {'; '.join(counts)}."


def _split(sizes: Mapping[str, str], checked: bool, tied: bool) -> str:
    if not checked:
        return (
            "No split was given, so it cannot be verified that these patients were not in training."
        )
    trained = sizes.get(TRAINING, "none of this cohort")
    return (
        f"By patient. In training and validation: {trained}, all excluded from the evaluation. "
        + ("The model names this split as its own." if tied else UNTIED)
    )


def _disjoint(checked: bool, tied: bool) -> str:
    if not checked:
        return "Not verified, as no split was given."
    return f"By patient{', which was checked.' if tied else f' by the split given. {UNTIED}'}"


def _subgroups(evaluation: Evaluation) -> str:
    shown = {one.group.split(":")[0] for one in evaluation.subgroups}
    alike = [name for name in DIMENSIONS if name not in shown]
    named = (
        f"Subgroups by {', '.join(name for name in DIMENSIONS if name in shown)}." if shown else ""
    )
    left = f" All images share: {', '.join(alike)}." if alike else ""
    return (named + left).strip()
