"""Tables 1 to 4 in the article's form, with the article's own figures beside this run's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from lumbargrade.evaluation.measures.system_figures import SystemFigures
from lumbargrade.evaluation.report.tables.rows import table_of
from lumbargrade.evaluation.results import Evaluation
from lumbargrade.files.table import TextTable
from lumbargrade.statistics.format_estimates import number, show
from lumbargrade.statistics.patients import EXTERNAL, INTERNAL, PARTS, TRAINING, CohortImage
from lumbargrade.su2022.demographics import table_1
from lumbargrade.su2022.published import PAPER, RUN, SETS, article
from lumbargrade.su2022.table_cells import (
    K_DIGITS,
    PERCENT_DIGITS,
    PaperRow,
    independent_interval,
    paper_row,
)

SET_OF: Mapping[str, str] = {INTERNAL: "internal_test", EXTERNAL: "external_test"}
"""Part of this run -> the article's set that it stands beside."""

_TABLE_2_SETS = {TRAINING: "train_val", **SET_OF}
_MEASURES = ("precision", "f1", "accuracy", "sensitivity", "specificity", "k")


def paper_tables(evaluation: Evaluation) -> list[TextTable]:
    """Return Tables 1 to 4, and agreement and area with their intervals."""
    return [
        table_1(_by_part(evaluation.material.images)),
        table_2(evaluation.material.images, list(evaluation.material.records)),
        *(table_3_or_4(part, evaluation.of_part(part)) for part in SET_OF),
        agreement(evaluation),
    ]


def table_2(images: Sequence[CohortImage], systems: Sequence[str]) -> TextTable:
    """Return how often each grade is the reference, in images and patients of each part."""
    counts, parts = article().grade_counts, _by_part(images)
    rows = []
    for system in systems:
        known = {
            part: [one for one in some if one.grades.get(system) is not None]
            for part, some in parts.items()
        }
        printed = counts.get(system, {})
        top = max((one.grades[system] or 0 for some in known.values() for one in some), default=0)
        for grade in range(max(top + 1, *(len(each) for each in printed.values()), 1)):
            paper = {
                f"{part}: {PAPER}": _share(printed[key], grade) if printed else "-"
                for part, key in _TABLE_2_SETS.items()
            }
            run = {
                f"{part}: {RUN}": _images_and_patients(known[part], system, grade) for part in known
            }
            rows.append({"system": system, "grade": str(grade), **paper, **run})
    return table_of(
        "table-2",
        "Table 2. Reference grades",
        rows,
        f"Images (share of the images with a reference grade); of {RUN} also the patients with "
        "such an image. " + _slips("Table 2"),
    )


def table_3_or_4(part: str, figures: Mapping[str, SystemFigures]) -> TextTable:
    """Return accuracy on the internal (Table 3) or the external set (Table 4)."""
    key = SET_OF[part]
    printed = article().printed[key]
    rows: list[tuple[str, ...]] = []
    for system in dict.fromkeys((*printed, *figures)):
        paper = printed.get(system)
        found = paper_row(np.array(figures[system].table)) if system in figures else None
        pairs = [_pair(paper, found, name) for name in _MEASURES]
        rows.append((system, "all", *(cell for pair in pairs for cell in pair)))
        grades = max(len(one.per_grade) for one in (paper, found) if one)
        for grade in range(grades):
            both = [_pair(paper, found, f"{name} of grade {grade}") for name in ("precision", "f1")]
            cells = [cell for pair in both for cell in pair]
            rows.append((system, str(grade), *cells, *[""] * (2 * len(_MEASURES) - len(cells))))
    heads = [f"{name}: {who}" for name in _MEASURES for who in (PAPER, RUN)]
    missing = "" if figures else f"This run has no {part}. "
    return TextTable(
        SETS[key].lower().replace(" ", "-"),
        f"{SETS[key]}. Accuracy, {part}",
        ("system", "grade", *heads),
        tuple(rows),
        f"{missing}In percent, except k. Overall precision and F1 are weighted by the frequency of "
        "each reference grade; sensitivity and specificity: grade 0 against 1-3; k: Gwet AC1. "
        + _slips(SETS[key]),
    )


def agreement(evaluation: Evaluation) -> TextTable:
    """Return k and the area under the curve with their intervals."""
    paper = article()
    rows = []
    for part, key in SET_OF.items():
        figures = evaluation.of_part(part)
        for system in paper.printed[key]:
            independent = over_patients = area = "-"
            if found := figures.get(system):
                counts = np.array(found.table)
                independent = _k((paper_row(counts).k, *independent_interval(counts)))
                over_patients, area = (show(found.figures[of]) for of in ("ac1", "auc_marked"))
            rows.append(
                {
                    "part": part,
                    "system": system,
                    f"k, two readers: {PAPER}": _k(paper.reader_k[part.split()[0]][system]),
                    f"k: {PAPER}": _k(paper.text_k[key][system]),
                    f"k: {RUN}, images independent": independent,
                    f"k: {RUN}, over patients": over_patients,
                    f"AUC 0-1 / 2-3: {PAPER}": f"{paper.auc[key][system]:.2f}",
                    f"AUC 0-1 / 2-3: {RUN}": area,
                }
            )
    return table_of(
        "agreement",
        "Agreement and area under the curve",
        rows,
        "The article's intervals treat images of one patient as independent and are too "
        "narrow; compare them with the column that does the same, and report the one over "
        "patients.",
    )


def _by_part(images: Iterable[CohortImage]) -> dict[str, list[CohortImage]]:
    parts: dict[str, list[CohortImage]] = {part: [] for part in PARTS}
    for one in images:
        parts[one.part].append(one)
    return {part: some for part, some in parts.items() if some}


def _share(counts: Sequence[int], grade: int) -> str:
    if grade >= len(counts):
        return "-"
    return f"{counts[grade]} ({100 * counts[grade] / sum(counts):.1f} %)"


def _images_and_patients(images: Sequence[CohortImage], system: str, grade: int) -> str:
    some = [one for one in images if one.grades[system] == grade]
    share = 100 * len(some) / len(images) if images else float("nan")
    whose = len({one.patient for one in some})
    return f"{len(some)} ({number(share, 1)} %), {whose} patients"


def _pair(paper: PaperRow | None, found: PaperRow | None, name: str) -> tuple[str, str]:
    digits = K_DIGITS if name == "k" else PERCENT_DIGITS
    cells = [
        number(one.cells().get(name, float("nan")), digits) if one else "-"
        for one in (paper, found)
    ]
    return cells[0], cells[1]


def _k(triple: tuple[float, float, float]) -> str:
    value, low, high = (number(one, K_DIGITS) for one in triple)
    return f"{value} ({low} to {high})"


def _slips(where: str) -> str:
    """What the article prints there that its own counts do not give."""
    slips = [slip for slip in article().slips if slip.where == where]
    texts = [
        f"{f'{slip.system} ' if slip.system else ''}{slip.figure}: {slip.text}" for slip in slips
    ]
    return f"Errata in the article's {where}: {'; '.join(texts)}." if texts else ""
