from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lumbargrade.batch.arms import BOTH, DRAWN, LOCATED, Arm, arms_of, drawn_boxes
from lumbargrade.batch.landing import GradeOptions
from lumbargrade.errors import CohortError, StudyError
from lumbargrade.inference.predict import PredictOptions

BOX = [40.0, 65.0, 60.0, 60.0]
MakeCohort = Callable[..., Path]


@pytest.fixture
def make_cohort(tmp_path: Path) -> MakeCohort:
    """Make a cohort of one slice for each box; None: nothing was drawn on it."""

    def make(name: str, *boxes: list[float] | None, uid: str = "1.2") -> Path:
        folder = tmp_path / name
        (folder / "studies/P1").mkdir(parents=True)
        slices = []
        for number, box in enumerate(boxes):
            (folder / f"studies/P1/{number}.dcm").touch()
            slices.append(
                {
                    "file": f"studies/P1/{number}.dcm",
                    "series_instance_uid": "1.1",
                    "sop_instance_uid": f"{uid}.{number}",
                    "contrast": "t2",
                    "level": None,
                    "disc_in_plane": None,
                    "region": {"center_px": [70.0, 95.0], "box_px": box},
                    "grades": {},
                }
            )
        truth = {
            "schema": "lumbargrade.truth/1",
            "patient_id": "P1",
            "scanner": {"name": "S", "external": False},
            "slices": slices,
        }
        (folder / "truth").mkdir()
        (folder / "truth/P1.json").write_text(json.dumps(truth))
        head = {"schema": "lumbargrade.cohort/1", "patients": 1}
        (folder / "cohort.json").write_text(json.dumps(head))
        return folder

    return make


def test_located_regions_ask_for_no_cohort(tmp_path: Path) -> None:
    assert arms_of(LOCATED, [tmp_path], tmp_path / "out", GradeOptions()) == (
        Arm(tmp_path / "out", GradeOptions()),
    )


def test_the_boxes_of_a_cohort_go_by_series_and_slice(make_cohort: MakeCohort) -> None:
    cohort = make_cohort("C", BOX, None, [1.0, 2.0, 3.0, 4.0])
    assert drawn_boxes([cohort]) == {("1.1", "1.2.0"): tuple(BOX), ("1.1", "1.2.2"): (1, 2, 3, 4)}


def test_both_are_two_gradings_with_folders_of_their_own(
    make_cohort: MakeCohort, tmp_path: Path
) -> None:
    cohort, out = make_cohort("C", BOX), tmp_path / "out"
    drawn = GradeOptions(predict=PredictOptions(drawn={("1.1", "1.2.0"): (40, 65, 60, 60)}))
    assert arms_of(DRAWN, [cohort], out, GradeOptions()) == (Arm(out, drawn),)
    assert arms_of(BOTH, [cohort], out, GradeOptions()) == (
        Arm(out / "located", GradeOptions()),
        Arm(out / "drawn", drawn),
    )


def test_two_cohorts_are_taken_together(make_cohort: MakeCohort) -> None:
    one, two = make_cohort("A", BOX), make_cohort("B", BOX, uid="1.3")
    assert len(drawn_boxes([one, two])) == 2
    assert drawn_boxes([one, one]) == drawn_boxes([one])


def test_two_boxes_on_one_slice_are_refused(make_cohort: MakeCohort) -> None:
    one, two = make_cohort("A", BOX), make_cohort("B", [1.0, 2.0, 30.0, 40.0])
    with pytest.raises(CohortError, match=r"has a different box on slice 1\.2\.0: grade one"):
        drawn_boxes([one, two])


def test_what_has_no_boxes_is_refused(make_cohort: MakeCohort, tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"no slice has a drawn box \(box_px\): import them"):
        drawn_boxes([make_cohort("C", None, None)])
    with pytest.raises(StudyError, match="is not a cohort, so nobody drew regions there"):
        drawn_boxes([tmp_path])


def test_one_box_and_drawn_ones_are_not_given_together(tmp_path: Path) -> None:
    options = GradeOptions(predict=PredictOptions(box_px=(1, 2, 3, 4)))
    with pytest.raises(StudyError, match="--box beside --regions drawn: one box for all slices"):
        arms_of(DRAWN, [tmp_path], tmp_path / "out", options)
