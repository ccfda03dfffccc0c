"""Views of a real (simulated) study, kept for a while."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import Finding, Region, Side, SliceGrades
from lumbargrade.grading.level import Level, LevelAssignment
from lumbargrade.grading.system import Unit
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.serving.reading_room import cohort_pictures
from lumbargrade.serving.reading_room.cohort_pictures import CohortPictures, proposals_of
from lumbargrade.serving.reading_room.shown import Proposal


@pytest.fixture(scope="module")
def pictures(simulated_cohort: Path) -> Iterator[CohortPictures]:
    """The pictures of the simulated cohort, with the model in the package."""
    made = CohortPictures(read_cohort(simulated_cohort), Engine(load_bundle()))
    yield made
    made.close()


def test_a_study_is_shown_slice_by_slice(pictures: CohortPictures, simulated_cohort: Path) -> None:
    cohort = read_cohort(simulated_cohort)
    patient = cohort.slices[0].patient_id
    pictures.prefetch(patient)
    slices = pictures.slices(patient)
    assert [one.number for one in slices] == list(range(1, len(slices) + 1))
    assert {one.image for one in slices} == {one.sop_instance_uid for one in cohort.slices}
    view = pictures.view(patient)
    first = view["slices"][0]
    assert len(pictures.pixels(patient, 1)) == 2 * first["rows"] * first["columns"]
    sagittal = pictures.sagittal(patient)
    assert sagittal is not None
    assert len(sagittal) == 2 * view["sagittal"]["rows"] * view["sagittal"]["columns"]
    x, y, width, height = pictures.stored_box(patient, 1, (10.0, 20.0, 30.0, 40.0))
    assert min(x, y, width, height) > 0
    assert width / height == pytest.approx(0.75)


def test_the_model_proposes_for_slices_of_the_cohort(
    pictures: CohortPictures, simulated_cohort: Path
) -> None:
    patient = read_cohort(simulated_cohort).slices[0].patient_id
    found = pictures.proposals(patient)
    numbers = {one.number for one in pictures.slices(patient)}
    assert {one.slice for one in found} <= numbers
    assert {(one.system, one.side) for one in found} >= {("LDH", None), ("LNRC", Side.LEFT)}
    assert all(0 < one.percent <= 100 for one in found)
    assert pictures.proposals(patient) is found


def test_the_worse_side_is_no_proposal() -> None:
    region = Region((0, 0, 0), (0, 0), 1.0, (0, 0, 1, 1), "locator")
    findings = (
        Finding("LDH", None, 2, (0.1, 0.1, 0.75, 0.05)),
        Finding("LNRC", Side.LEFT, 1),
        Finding("LNRC", None, 1),
        Finding("LCCS", None, None, reason="no disc"),
    )
    item = SliceGrades("1.2", "1.2.3", 1, "a.dcm", LevelAssignment(), region, findings)
    assert proposals_of(4, item) == (
        Proposal(4, "LDH", None, 2, 75),
        Proposal(4, "LNRC", Side.LEFT, 1, 100),
    )


def test_only_so_many_views_are_kept(
    simulated_cohort: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr(cohort_pictures, "STUDIES_KEPT", 1)
    monkeypatch.setattr(cohort_pictures, "study_view", lambda folder, *_: made.append(folder.name))
    cohort = read_cohort(simulated_cohort)
    one = CohortPictures(cohort, engine=None)  # type: ignore[arg-type]
    patient = cohort.slices[0].patient_id
    one._slices["other"] = one._slices[patient]
    for name in (patient, patient, "other", patient):
        one._views.pop("never", None)
        one._view(name)
    assert len(made) >= 3
    one.close()


def test_what_cannot_be_made_ready_is_left_to_who_opens_it(
    simulated_cohort: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise StudyError("ZPATIENT: damaged")

    monkeypatch.setattr(cohort_pictures, "study_view", fails)
    cohort = read_cohort(simulated_cohort)
    one = CohortPictures(cohort, engine=None)  # type: ignore[arg-type]
    one._prefetch(cohort.slices[0].patient_id)
    assert caplog.messages == ["StudyError: a study cannot be made ready"]
    with pytest.raises(StudyError):
        one.view(cohort.slices[0].patient_id)
    one.close()


def test_discs_are_shown_and_proposed_by_name(simulated_cohort: Path) -> None:
    cohort = read_cohort(simulated_cohort)
    made = CohortPictures(cohort, Engine(load_bundle()), frozenset({Unit.DISC}))
    patient = cohort.slices[0].patient_id
    shown = made.slices(patient)
    assert [(one.number, one.image, one.level) for one in shown] == [
        (number, level, level) for number, level in enumerate(Level, start=1)
    ]
    planes = made.view(patient)["planes"]
    pixels = made.plane(patient, len(planes))
    assert pixels is not None
    assert len(pixels) == 2 * planes[-1]["rows"] * planes[-1]["columns"]
    assert made.plane(patient, len(planes) + 1) is None
    found = made.proposals(patient)
    assert {one.system for one in found} == {"PFIRRMANN"}
    assert {one.slice for one in found} == {1, 2, 3, 4, 5}
    made.close()
