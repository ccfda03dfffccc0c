"""A model's measures beside those of readers, for ``--measures``: tables of measures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.match_records import Material
from lumbargrade.evaluation.morphometry.measurer import Measurer, Place, model_measurer
from lumbargrade.evaluation.morphometry.reference_table import Row, read_reference, with_count
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.statistics.patients import TRAINING


def with_measures(
    material: Material, studies: Sequence[StudyGrades], paths: Sequence[Path]
) -> Material:
    """Return the material with the model's measures and those of the tables in ``paths``.

    A table is called by its file, or by its folder where two have one name. Rows that cannot be
    compared are counted in notes. Without tables the material stays as it is. Raises
    EvaluationError if the model measured nothing, a table cannot be read, contradicts itself or the
    sides of the model's measures, or has nothing in common with the model.
    """
    if not paths:
        return material
    tested = {one.image for one in material.images if one.part != TRAINING}
    model = model_measurer(material.model, studies)
    if not any(value is not None for value in model.values.values()):
        raise EvaluationError(
            "--measures: the grades hold no measure: grade with a model that measures"
        )
    readers: list[Measurer] = []
    notes: list[str] = []
    for path in paths:
        rows, repeated = read_reference(path)
        _check_sides(path, rows, model.values)
        known = [one for one in rows if one.place.image in tested]
        _check_common(path, rows, known, model.values)
        name = _name(path, {material.model, *(one.name for one in readers)})
        readers.append(Measurer(name, {one.place: one.value for one in known}))
        slices = {(each.sop_instance_uid, each.frame_number) for s in studies for each in s.slices}
        notes += _notes(name, rows, known, repeated)
        notes += _omission_notes(name, known, slices, model.values)
    inside = {place: value for place, value in model.values.items() if place.image in tested}
    return replace(
        material,
        measurers=(replace(model, values=inside), *readers),
        notes=(*material.notes, *notes),
    )


def _check_sides(path: Path, rows: Iterable[Row], model: Iterable[Place]) -> None:
    """A row without a side of a measure with sides would match nothing."""
    sided = {place.measure: place.side is not None for place in model}
    faults = [
        f"line {one.line}: {one.place.measure} "
        + ("is of one side: give left or right" if sided[one.place.measure] else "has no sides")
        for one in rows
        if sided.get(one.place.measure, one.place.side is not None) != (one.place.side is not None)
    ]
    if faults:
        raise EvaluationError(with_count(path, faults))


def _check_common(
    path: Path, rows: Sequence[Row], known: Sequence[Row], model: Iterable[Place]
) -> None:
    if not known:
        raise EvaluationError(
            f"{path}: none of its {len(rows)} measures belongs to an evaluated image: name each "
            "image by its SOP Instance UID"
        )
    given = sorted({place.measure for place in model})
    if not any(one.place.measure in given for one in known):
        raise EvaluationError(
            f"{path}: the model gives none of its measures: name them {', '.join(given)}"
        )


def _name(path: Path, taken: Collection[str]) -> str:
    """Two tables of ``grade`` have one name: then the folder tells them apart."""
    names = (path.stem, path.resolve().parent.name, str(path))
    name = next((one for one in names if one not in taken), None)
    if name is None:
        raise EvaluationError(f"{path}: is given twice: give each table once")
    return name


def _notes(name: str, rows: Sequence[Row], known: Sequence[Row], repeated: int) -> list[str]:
    notes = []
    if repeated:
        notes.append(f"{name}: {repeated} measures occur twice with one value and count once.")
    if strangers := len(rows) - len(known):
        notes.append(
            f"{name}: {strangers} of {len(rows)} measures belong to no evaluated image and are "
            "excluded."
        )
    return notes


def _omission_notes(
    name: str,
    known: Sequence[Row],
    slices: Collection[tuple[str, int]],
    model: Collection[Place],
) -> list[str]:
    """Rows that the model has no value beside; those in doubt are in the table of measures."""
    notes = []
    graded = [one for one in known if (one.place.image, one.place.frame) in slices]
    if absent := len(known) - len(graded):
        notes.append(f"{name}: {absent} measures are of slices that the model did not grade.")
    given = {place.measure for place in model}
    others = [one.place.measure for one in graded if one.place.measure not in given]
    if others:
        names = ", ".join(dict.fromkeys(others))
        notes.append(f"{name}: {len(others)} measures are not given by the model ({names}).")
    return notes
