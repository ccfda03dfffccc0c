"""Other graders of the same images, for ``--compare``: a folder of grades, or a table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lumbargrade.archive.keyed_names import NO_KEY, KeyedNames
from lumbargrade.cohort.read import CohortSlice
from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.match_images import EvaluatedImages
from lumbargrade.evaluation.match_records import Material, Records, graded_only, records_of
from lumbargrade.evaluation.measures.graders import Grader, MadeReference
from lumbargrade.evaluation.predictions import by_image, one_model, read_predictions, regions_of
from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.grading.finding import Side
from lumbargrade.grading.sides import worse_side
from lumbargrade.grading.system import Unit
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Asked, Reading, first_readings, read_readings, readers_of
from lumbargrade.readings.slice_key import SliceKey
from lumbargrade.statistics.agreement.matrices import note_contradictions


def with_graders(
    material: Material,
    slices: Sequence[CohortSlice],
    paths: Sequence[Path],
    names: KeyedNames = NO_KEY,
) -> Material:
    """Return the material with the graders of ``paths`` beside the model.

    A path is a folder that ``grade`` wrote, or a table of readings as for ``agreement``. Slices
    that are not evaluated are left out. ``names`` knows the pseudonyms that tables or cohort may
    use. Raises EvaluationError if a path cannot be read, holds no
    grade of the evaluated images, or says of an image that it is another patient's.
    """
    tested = {one.image for some in material.records.values() for one in some}
    inside = [one for one in slices if one.sop_instance_uid in tested]
    images = EvaluatedImages(inside, names)
    graders: list[Grader] = []
    notes: list[str] = []
    for path in paths:
        taken = {material.model, *(one.name for one in graders)}
        if path.is_dir():
            graders.append(_model(path, inside, taken, material))
        else:
            readers = _readers(path, material, taken, notes, images)
            graders += [_with_makers(one, inside) for one in readers]
    own = material.model
    if any(one.name.startswith(f"{own}, ") for one in graders):  # on other regions
        own = f"{own}, {material.regions}"
    return replace(material, model=own, graders=tuple(graders), notes=(*material.notes, *notes))


def _model(
    path: Path, slices: Sequence[CohortSlice], taken: Collection[str], material: Material
) -> Grader:
    studies = read_predictions(path)
    records = graded_only(records_of(slices, by_image(studies), None))
    if not records:
        raise EvaluationError(
            f"{path}: none of its grades belongs to an evaluated image: grade the same studies"
        )
    # One model on other regions says so; of two trainings of one recipe, which have one name too,
    # the folder tells.
    model, regions = one_model(studies), regions_of(studies)
    elsewhere = [f"{model}, {regions}"] if regions != material.regions else []
    names = (model, *elsewhere, path.resolve().name, str(path))
    name = next((one for one in names if one not in taken), None)
    if name is None:
        raise EvaluationError(f"{path}: is given twice: give it once")
    return Grader(
        name, False, {code: records[code] for code in material.records if code in records}
    )


def _readers(
    path: Path,
    material: Material,
    taken: Collection[str],
    notes: list[str],
    images: EvaluatedImages,
) -> list[Grader]:
    faults = Faults()
    readings, later = first_readings(
        read_readings(path, Asked(reader=True), faults, EvaluationError)
    )
    notes += [f"{path.name}: {one}" for one in later]
    slices = [one for one in readings if one.unit is Unit.SLICE]
    if discs := len(readings) - len(slices):
        told = f"{path.name}: {discs} readings of discs are not compared: see `agreement`"
        if not slices:
            raise EvaluationError(f"{told}, and give tables of slices here")
        notes.append(f"{told}.")
    known = [
        replace(one, key=SliceKey(image=image))
        for one in slices
        if (image := images.find(one, faults)) is not None
    ]
    note_contradictions(known, faults)
    faults.check(EvaluationError)
    if not known:
        raise EvaluationError(
            f"{path}: none of its {len(slices)} readings belongs to an evaluated image: name "
            "each image by its SOP Instance UID"
        )
    if strangers := len(slices) - len(known):
        notes.append(
            f"{path.name}: {strangers} of {len(slices)} readings belong to no evaluated image "
            "and are excluded."
        )
    names = readers_of(known)
    for name in names:
        if name in taken:
            raise EvaluationError(
                f"{path}: the name of reader {name!r} is taken by another grader: rename one"
            )
    if one_sided := _one_sided(known):
        notes.append(
            f"{path.name}: {one_sided} readings grade only one side of an image; the worse side "
            "is not known unless that is the highest grade."
        )
    return [
        Grader(name, True, _records([one for one in known if one.reader == name], material))
        for name in names
    ]


def _with_makers(reader: Grader, slices: Sequence[CohortSlice]) -> Grader:
    """Say of each part whether the reader made the reference of an image that they read."""
    makers = {one.sop_instance_uid: one.reference_by for one in slices}
    read: dict[str, set[str]] = {}
    for one in (one for some in reader.records.values() for one in some):
        if one.predicted is not None and one.reference is not None:
            read.setdefault(one.part, set()).update(makers[one.image])
    return replace(
        reader, made_reference={part: _made(reader.name, names) for part, names in read.items()}
    )


def _made(reader: str, makers: Collection[str]) -> MadeReference:
    if reader in makers:
        return MadeReference.HELPED
    return MadeReference.UNKNOWN if "" in makers else MadeReference.OTHERS


def _one_sided(readings: Sequence[Reading]) -> int:
    sides: dict[tuple[str, str, str], set[Side]] = {}
    for one in readings:
        if one.side is not None and one.grade is not None:
            sides.setdefault((one.reader, one.system, one.image), set()).add(one.side)
    return sum(len(some) == 1 for some in sides.values())


def _records(readings: Sequence[Reading], material: Material) -> Records:
    grades: dict[tuple[str, str], dict[Side | None, int | None]] = {}
    for one in readings:
        grades.setdefault((one.system, one.image), {})[one.side] = one.grade
    return graded_only({code: _read(code, grades, material) for code in material.records})


def _read(
    code: str,
    grades: Mapping[tuple[str, str], Mapping[Side | None, int | None]],
    material: Material,
) -> list[ImageRecord]:
    """A reader's grade of an image is the worse side, as the reference's, if both are known."""
    highest = material.grades[code] - 1
    return [
        replace(
            one,
            predicted=_of_image(grades.get((code, one.image), {}), highest),
            probabilities=(),
            untempered=(),
            grade_set=(),
        )
        for one in material.records[code]
    ]


def _of_image(given: Mapping[Side | None, int | None], highest: int) -> int | None:
    if not given or None in given:  # not read, or read as a whole
        return given.get(None)
    return worse_side((given.get(side) for side in Side), highest)
