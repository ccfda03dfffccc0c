"""What is brought to one study: boxes, drawings, grades, levels, or what is still to be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.archive.archive import LOW, save_mask
from tests.cohort.imports.test_flow_filter import KEY

from lumbargrade.cohort.imports.assembly import StudyDrafts
from lumbargrade.cohort.imports.boxes import BoxRow
from lumbargrade.cohort.imports.filling import Given, ImportOptions, fill
from lumbargrade.cohort.imports.flow_filter import Chosen
from lumbargrade.cohort.imports.reference import ReferenceRule
from lumbargrade.cohort.imports.studies import ReadStudy
from lumbargrade.cohort.imports.tables import ImportTables
from lumbargrade.cohort.imports.unread import UnreadSlices
from lumbargrade.grading.level import Level
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Reading
from lumbargrade.readings.slice_key import SliceKey

NOTHING = ImportTables((), {}, ())


def given_of(
    tables: ImportTables = NOTHING,
    masks: tuple[Path, ...] = (),
    chosen: Chosen | None = None,
    unread: UnreadSlices | None = None,
) -> Given:
    return Given(tables, {"case1": masks}, chosen, ReferenceRule(()), unread)


def test_boxes_drawings_and_grades_come_to_their_slices(
    read_case: ReadStudy, drafts: StudyDrafts, faults: Faults, tmp_path: Path
) -> None:
    key = SliceKey(sop="1.2.1.1.4")
    box = BoxRow("b row 2", key, (9.5, 7.5, 20.0, 16.0))
    by_level = Reading("g row 2", "", SliceKey(patient="case1"), Level.L4_L5, "LCCS", None, 2)
    tables = ImportTables((box,), {}, (by_level,))
    mask = save_mask(tmp_path / "case1.voi", LOW, {1: (10, 8, 20, 16)})
    options = ImportOptions(lowest_level=Level.L5_S1)
    assert fill(drafts, read_case, given_of(tables, (mask,)), options) is False
    found = {sop: (one.level, one.has_region, one.grades) for sop, one in drafts.drafts.items()}
    assert found == {
        "1.2.1.1.4": (Level.L4_L5, True, {"LCCS": 2}),
        "1.2.1.1.2": (Level.L5_S1, True, {}),
    }
    assert len(faults) == 0


def test_a_drawing_that_cannot_be_read_is_a_fault(
    read_case: ReadStudy, drafts: StudyDrafts, faults: Faults, tmp_path: Path
) -> None:
    (tmp_path / "case1.nii").write_bytes(b"none")
    fill(drafts, read_case, given_of(masks=(tmp_path / "case1.nii",)), ImportOptions())
    assert len(faults) == 1


@pytest.mark.parametrize(("series", "outside"), [("1.2.1.1", False), ("1.2.9", True)])
def test_a_study_outside_the_flow_is_not_to_be_read(
    read_case: ReadStudy, drafts: StudyDrafts, series: str, outside: bool
) -> None:
    unread = UnreadSlices("t2")
    chosen = Chosen({KEY.of("series", series): "patient-7"}, KEY)
    given = given_of(chosen=chosen, unread=unread)
    assert fill(drafts, read_case, given, ImportOptions(unread=True)) is outside
    # Its field of view is too small to be graded, which only a study of the flow is asked.
    assert len(unread.refused) == (not outside)
