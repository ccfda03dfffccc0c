"""What is found for the slices of a study, and what contradicts."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.archive.archive import HIGH, save_mask, stack

from lumbargrade.cohort.imports.assembly import StudyDrafts
from lumbargrade.cohort.imports.boxes import Box, BoxRow
from lumbargrade.cohort.imports.masks import load_mask
from lumbargrade.errors import CohortError
from lumbargrade.grading.level import Level
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Reading
from lumbargrade.readings.slice_key import SliceKey

BOX: Box = (9.5, 7.5, 20.0, 16.0)


def sop(number: int) -> str:
    return f"1.2.1.1.{number}"


def box(number: int, values: Box = BOX, where: str = "b row 2", **more: object) -> BoxRow:
    return BoxRow(where, SliceKey(sop=sop(number)), values, **more)  # type: ignore[arg-type]


def grade(key: SliceKey, value: int | None, where: str = "g row 2", **more: object) -> Reading:
    level = more.get("level")
    assert level is None or isinstance(level, Level)
    return Reading(where, "", key, level, "LDH", None, value)


def told(faults: Faults) -> str:
    with pytest.raises(CohortError) as caught:
        faults.check(CohortError)
    return str(caught.value)


def test_boxes_and_grades_meet_on_their_slice(drafts: StudyDrafts, faults: Faults) -> None:
    drafts.add_boxes([box(2, level=Level.L4_L5)])
    drafts.add_grades([grade(SliceKey(sop=sop(2)), 3), grade(SliceKey(sop="9.9"), 1, "g row 3")])
    (draft,) = drafts.drafts.values()
    assert (draft.box, draft.level, draft.readings) == (BOX, Level.L4_L5, {"LDH": {"": 3}})
    assert draft.has_region
    assert drafts.used == {"b row 2", "g row 2"}
    assert len(faults) == 0


def test_the_same_twice_is_no_contradiction(drafts: StudyDrafts, faults: Faults) -> None:
    drafts.add_boxes([box(2), box(2, where="b row 3")])
    drafts.add_grades([grade(SliceKey(sop=sop(2)), 1), grade(SliceKey(sop=sop(2)), 1, "g row 3")])
    assert len(faults) == 0


def test_contradictions_name_both_places(drafts: StudyDrafts, faults: Faults) -> None:
    drafts.add_boxes([box(2, level=Level.L4_L5)])
    drafts.add_boxes([box(2, (1.0, 1.0, 5.0, 5.0), "b row 3", level=Level.L5_S1)])
    drafts.add_grades([grade(SliceKey(sop=sop(2)), 1), grade(SliceKey(sop=sop(2)), 2, "g row 3")])
    message = told(faults)
    assert message.startswith("3 faults, ")
    file = "case1/axial_t2/0002.dcm"
    assert f"b row 3: is a second region on {file}, the first is b row 2" in message
    assert f"b row 3: gives level L5/S1 for {file}, b row 2 gives L4/L5" in message
    assert f"g row 3: LDH 2 for {file} contradicts g row 2, 1" in message


@pytest.mark.parametrize(
    ("values", "fits"),
    [
        ((-0.5, -0.5, 48.0, 40.0), True),
        ((-1.4, -0.5, 48.0, 40.0), True),  # drawing programs round
        ((-1.6, -0.5, 20.0, 20.0), False),
        ((30.0, 0.0, 19.0, 20.0), False),
        ((0.0, 30.0, 10.0, 11.0), False),
    ],
)
def test_a_box_lies_on_the_picture(
    drafts: StudyDrafts, faults: Faults, values: Box, fits: bool
) -> None:
    drafts.add_boxes([box(1, values)])
    if fits:
        assert len(faults) == 0
    else:
        assert "extends beyond case1/axial_t2/0001.dcm, which is 48 x 40 pixels" in told(faults)


def test_a_box_of_a_picture_of_another_size_is_told(drafts: StudyDrafts, faults: Faults) -> None:
    drafts.add_boxes([box(1, size_px=(512, 512))])
    assert "was drawn on an image of 512 x 512 pixels, the slice has 48 x 40" in told(faults)


def test_a_key_that_fits_several_slices_is_told(drafts: StudyDrafts, faults: Faults) -> None:
    drafts.add_boxes([BoxRow("b row 2", SliceKey(patient="ID1"), BOX)])
    message = told(faults)
    assert "b row 2: fits 6 slices (patient ID1), for example case1/axial_t2/0001.dcm" in message
    assert "name one by its SOP Instance UID in a CSV" in message


def test_a_mask_is_brought_to_the_slice_in_its_plane(
    drafts: StudyDrafts, faults: Faults, tmp_path: Path
) -> None:
    drafts.add_mask(load_mask(save_mask(tmp_path / "m.nii", HIGH, {1: (10, 8, 20, 16)})), "t2")
    ((found, draft),) = drafts.drafts.items()
    assert found == sop(5)
    assert draft.box == pytest.approx(BOX, abs=1e-3)
    assert len(faults) == 0


def test_a_mask_of_something_else_is_told(
    drafts: StudyDrafts, faults: Faults, tmp_path: Path
) -> None:
    elsewhere = stack(25.0, 3.0, (-18.0, -18.0, 70.0))
    turned = stack(45.0, 3.0, (-18.0, -18.0, 0.0))
    folder = tmp_path / "masks"
    for name, planes in (("moved", elsewhere), ("turned", turned)):
        path = save_mask(folder / f"{name}.nii", planes, {1: (1, 1, 4, 4)})
        drafts.add_mask(load_mask(path), "t2")
    drafts.add_mask(load_mask(folder / "moved.nii"), "t1")
    message = told(faults)
    assert "masks/moved.nii plane 1: no slice of the study lies in it, the nearest is" in message
    assert "masks/turned.nii plane 1: no slice of the study is parallel to it" in message
    assert "masks/moved.nii: the study has no axial t1 slice" in message
    assert drafts.drafts == {}


def test_levels_are_given_to_slices_that_have_none(drafts: StudyDrafts) -> None:
    drafts.add_boxes([box(1), box(4, level=Level.L1_L2), box(5), box(6)])
    drafts.name_levels({sop(1): Level.L4_L5, sop(4): Level.L3_L4, sop(5): None})
    assert {key: one.level for key, one in drafts.drafts.items()} == {
        sop(1): Level.L4_L5,
        sop(4): Level.L1_L2,  # what was named stays
        sop(5): None,
        sop(6): None,
    }


def test_a_grade_of_a_level_goes_to_its_only_slice_with_a_region(
    drafts: StudyDrafts, faults: Faults
) -> None:
    drafts.add_boxes([box(1, level=Level.L5_S1)])
    level = SliceKey(patient="ID1")
    drafts.add_level_grades(
        [
            grade(level, 2, level=Level.L5_S1),
            grade(level, 1, "g row 3", level=Level.L4_L5),  # no slice of it
            grade(SliceKey(patient="ID2"), 3, "g row 4", level=Level.L5_S1),
        ]
    )
    assert drafts.drafts[sop(1)].readings == {"LDH": {"": 2}}
    assert drafts.used == {"b row 2", "g row 2"}
    drafts.add_boxes([box(2, level=Level.L5_S1, where="b row 3")])
    drafts.add_level_grades([grade(level, 2, "g row 5", level=Level.L5_S1)])
    assert "g row 5: 2 slices of L5/S1 have a region: name the graded slice" in told(faults)
