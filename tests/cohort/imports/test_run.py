"""From studies, regions and grades to a cohort, or to one line that says all that is wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.archive.archive import GEOMETRIES, HIGH, LOW, save_mask, stack, write_study

from lumbargrade.archive.pseudonym import Pseudonyms, make_key
from lumbargrade.cohort.discs import read_disc_grades
from lumbargrade.cohort.imports.filling import ImportOptions
from lumbargrade.cohort.imports.run import ImportSummary, import_cohort
from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import CohortError
from lumbargrade.grading.level import Level

DEFAULT = ImportOptions()


@pytest.fixture
def studies(tmp_path: Path) -> Path:
    """Two patients; the first has a T1 series in the planes of its T2."""
    write_study(tmp_path / "studies" / "case1", "ID1", "1", ("t2", "t1"))
    write_study(tmp_path / "studies" / "case2", "ID2", "2")
    return tmp_path / "studies"


def text(path: Path, lines: str) -> Path:
    path.write_text(lines.strip().replace("\n    ", "\n") + "\n", encoding="utf-8")
    return path


def bring(
    studies: Path,
    out: Path,
    regions: list[Path],
    grades: Path | None = None,
    options: ImportOptions = DEFAULT,
) -> ImportSummary:
    return import_cohort(studies, regions, grades, out, options)


def test_drawings_and_grades_make_a_cohort(studies: Path, tmp_path: Path) -> None:
    masks = tmp_path / "masks"
    save_mask(masks / "case1_low.voi", LOW, {1: (10, 8, 20, 16)})
    save_mask(masks / "case2" / "drawing.nii.gz", HIGH, {0: (12, 9, 15, 14)})
    grades = text(
        tmp_path / "grades.csv",
        """
    patient;file;level;system;side;grade
    case1;axial_t2/0002.dcm;L4-5;LDH;;2
    case1;axial_t2/0002.dcm;;lnrc;L;1
    case1;axial_t2/0002.dcm;;LNRC;right;NA
    ID2;axial_t2/0004.png;L3/L4;LCCS;;0
    """,
    )
    out = tmp_path / "cohort"
    summary = bring(studies, out, [masks], grades)
    cohort = read_cohort(out)
    one, two = cohort.slices
    assert (summary.patients, summary.slices, summary.regions) == (2, 2, 2)
    assert (one.patient_id, one.sop_instance_uid, one.level) == ("case1", "1.2.1.1.2", Level.L4_L5)
    assert one.grades == {"LDH": 2, "LNRC_left": 1, "LNRC_right": None}
    assert two.grades == {"LCCS": 0}
    assert (one.disc_in_plane, two.disc_in_plane) == (True, None)
    assert one.box_px == pytest.approx((9.5, 7.5, 20, 16), abs=1e-3)
    assert one.center_px == pytest.approx((19.5, 15.5), abs=1e-3)
    assert one.center_mm == pytest.approx(GEOMETRIES[1].to_patient(19.5, 15.5), abs=1e-3)
    assert one.size_mm == pytest.approx((15.0, 14.4), abs=1e-3)
    assert two.sop_instance_uid == "1.2.2.1.4"
    assert (one.scanner, one.field_strength_t, one.age_years, one.sex) == (
        "Maker One",
        1.5,
        61,
        "F",
    )
    assert one.picture_code is not None
    assert (cohort.simulated, one.external) == (False, False)
    assert len(list(out.glob("studies/case1/*/*.dcm"))) == 6  # the series, not the T1
    assert sum(summary.grades.values()) == 3


def test_boxes_of_tables_and_coco_come_to_the_same_place(studies: Path, tmp_path: Path) -> None:
    table = text(
        tmp_path / "boxes.csv",
        """
    sop,x,y,width,height,level
    1.2.1.1.2,10,8,20,16,L4/L5
    """,
    )
    numbered = text(tmp_path / "numbered.csv", "series,slice,x,y,w,h\n1.2.2.1,3,10,8,20,16")
    coco = tmp_path / "coco.json"
    image = {"id": 7, "file_name": "case2/axial_t2/0001.png", "width": 48, "height": 40}
    annotation = {"image_id": 7, "bbox": [10, 8, 20, 16], "attributes": {"level": "L5/S1"}}
    coco.write_text(json.dumps({"images": [image], "annotations": [annotation]}), "utf-8")
    bring(studies, tmp_path / "cohort", [table, numbered, coco])
    slices = read_cohort(tmp_path / "cohort").slices
    assert [one.sop_instance_uid for one in slices] == ["1.2.1.1.2", "1.2.2.1.1", "1.2.2.1.3"]
    assert {one.box_px for one in slices} == {(9.5, 7.5, 20.0, 16.0)}
    assert [one.level for one in slices] == [Level.L4_L5, Level.L5_S1, None]


def test_every_fault_is_told_with_its_row_and_nothing_is_written(
    studies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumbargrade.readings.faults.SHOWN", 30)
    masks = tmp_path / "masks"
    save_mask(masks / "case1.nii", [*GEOMETRIES[:1], *GEOMETRIES[2:3]], {0: (1, 1, 4, 4)})
    save_mask(masks / "stranger.nii", LOW, {0: (1, 1, 4, 4)})
    boxes = text(
        tmp_path / "boxes.csv",
        """
    sop,x,y,w,h,level
    1.2.1.1.2,10,8,-20,16,
    9.9.9,10,8,20,16,
    1.2.1.1.3,40,8,20,16,
    1.2.1.1.4,4,8,20,16,L9
    ,4,8,20,16,
    1.2.1.1.1,4,8,20,16,
    """,
    )
    grades = text(
        tmp_path / "grades.csv",
        """
    patient,sop,level,system,side,grade
    case1,1.2.1.1.2,,LDH,,4
    case1,1.2.1.1.2,,LXX,,1
    case1,1.2.1.1.2,,LNRC,,1
    case1,1.2.1.1.2,,LCCS,left,1
    case1,1.2.1.1.2,L6,LCCS,,1
    case2,1.2.1.1.2,,LCCS,,1
    case1,1.2.1.1.2,,LCCS,,1
    case1,1.2.1.1.2,,LCCS,,2
    case1,,L4/L5,LCCS,,2
    case1,,,LCCS,,2
    """,
    )
    with pytest.raises(CohortError) as caught:
        bring(studies, tmp_path / "cohort", [masks, boxes], grades)
    told = str(caught.value)
    for fault in (
        "16 faults, nothing was written:\n",
        "boxes.csv row 2: box '10,8,-20,16' is not x,y,w,h in pixels with a size above 0",
        "boxes.csv row 3: matches no slice (SOP 9.9.9): check patient, file and UID",
        "boxes.csv row 4: extends beyond case1/axial_t2/0003.dcm, which is 48 x 40 pixels",
        "boxes.csv row 5: level 'L9' is unknown: use L1/L2",
        "boxes.csv row 6: names no slice: fill in sop, or file, or series and slice",
        "masks/case1.nii plane 0: is a second region on case1/axial_t2/0001.dcm, the first is "
        "boxes.csv row 7",
        "masks/stranger.nii: matches no study by name: name it, or its folder, like the "
        "folder of the study, such as case1.voi",
        "grades.csv row 2: LDH grade '4' is unknown: grades go from 0 to 3",
        "grades.csv row 3: system 'LXX' is unknown: use LDH, LCCS, LNRC",
        "grades.csv row 4: side '' of LNRC is unknown: use left or right",
        "grades.csv row 5: side 'left': LCCS has no sides; leave it empty",
        "grades.csv row 6: level 'L6' is unknown: use L1/L2",
        "grades.csv row 7: matches no slice (patient case2 SOP 1.2.1.1.2): check patient",
        "grades.csv row 9: LCCS 2 for case1/axial_t2/0002.dcm contradicts grades.csv row 8, 1",
        "grades.csv row 10: patient case1 has no slice with a region at this level: name the "
        "slice, or the levels with --lowest-level",
        "grades.csv row 11: names no slice: fill in sop, or file, or series and slice, or "
        "patient and level",
    ):
        assert fault in told
    assert not (tmp_path / "cohort" / "cohort.json").exists()


def test_a_drawing_of_another_patient_is_refused(studies: Path, tmp_path: Path) -> None:
    moved = stack(25.0, 3.0, (-18.0, -18.0, 70.0))  # parallel to LOW, elsewhere
    mask = save_mask(tmp_path / "case1.nii", moved, {1: (1, 1, 4, 4)})
    with pytest.raises(
        CohortError,
        match=r"case1\.nii plane 1: no slice of the study lies in it, the nearest is \d+\.\d mm",
    ):
        bring(studies, tmp_path / "cohort", [mask])
    other = save_mask(tmp_path / "case2.nii", LOW[:2][::-1], {1: (1, 1, 4, 4)})
    with pytest.raises(CohortError, match="the study has no axial pd slice"):
        bring(studies, tmp_path / "b", [other], options=ImportOptions(contrast="pd"))


def test_two_series_in_one_plane_are_told_apart_by_contrast_only(
    studies: Path, tmp_path: Path
) -> None:
    mask = save_mask(tmp_path / "case1.nii", LOW, {1: (10, 8, 20, 16)})
    bring(studies, tmp_path / "t1", [mask], options=ImportOptions(contrast="t1"))
    (one,) = read_cohort(tmp_path / "t1").slices
    assert (one.contrast, one.sop_instance_uid) == ("t1", "1.2.1.2.2")
    write_study(studies / "case1" / "again", "ID1", "1.7")  # a third axial series, T2 again
    for path in (studies / "case1" / "again").rglob("*.dcm"):
        import pydicom

        dataset = pydicom.dcmread(path)
        dataset.StudyInstanceUID = "1.2.1"
        dataset.save_as(path)
    with pytest.raises(CohortError, match=r"plane 1: fits 2 slices, for example .*name one by its"):
        bring(studies, tmp_path / "t2", [mask])


def test_grades_by_level_need_one_slice_and_a_named_level(studies: Path, tmp_path: Path) -> None:
    low = save_mask(tmp_path / "m" / "case1.nii", LOW, {1: (10, 8, 20, 16)})
    high = save_mask(tmp_path / "m" / "case1_high.nii", HIGH, {1: (10, 8, 20, 16)})
    grades = text(
        tmp_path / "grades.csv", "patient,level,LDH,LNRC_left\ncase1,L5/S1,1,\ncase1,L4/L5,3,2"
    )
    options = ImportOptions(lowest_level=Level.L5_S1)
    bring(studies, tmp_path / "a", [low.parent], grades, options)
    first, second = read_cohort(tmp_path / "a").slices
    assert (first.level, first.grades) == (Level.L5_S1, {"LDH": 1, "LNRC_left": None})
    assert (second.level, second.grades) == (Level.L4_L5, {"LDH": 3, "LNRC_left": 2})
    save_mask(high, HIGH, {0: (10, 8, 20, 16), 1: (10, 8, 20, 16)})
    with pytest.raises(
        CohortError, match=r"row 3: 2 slices of L4/L5 have a region: name the graded sl"
    ):
        bring(studies, tmp_path / "b", [low.parent], grades, options)


def test_one_patient_id_is_one_patient(studies: Path, tmp_path: Path) -> None:
    write_study(studies / "case3", "ID1", "3")
    grades = text(tmp_path / "g.csv", "sop,LDH\n1.2.1.1.1,1\n1.2.3.1.1,2")
    summary = bring(studies, tmp_path / "cohort", [], grades)
    slices = read_cohort(tmp_path / "cohort").slices
    assert [one.patient_id for one in slices] == ["case1", "case1"]
    assert summary.notes == [
        "case3 has the Patient ID of case1 and is treated as the same patient",
        "2 slices have no region: used by `evaluate`, not by `train`",
    ]


def test_a_cohort_is_added_to(studies: Path, tmp_path: Path) -> None:
    boxes = text(tmp_path / "boxes.csv", "sop,x,y,w,h,level\n1.2.1.1.2,10,8,20,16,L4/L5")
    bring(studies, tmp_path / "first", [boxes], options=ImportOptions(external=True))
    grades = text(tmp_path / "g.csv", "patient,level,LDH\ncase1,L4/L5,2")
    bring(tmp_path / "first", tmp_path / "second", [], grades)
    (one,) = read_cohort(tmp_path / "second").slices
    assert (one.grades, one.box_px, one.external) == ({"LDH": 2}, (9.5, 7.5, 20.0, 16.0), True)


def test_what_cannot_be_read_at_all(studies: Path, tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"nothing to import: give --regions, --grades or both"):
        bring(studies, tmp_path / "x", [])
    grades = text(tmp_path / "grades.csv", "sop,system,grade")
    with pytest.raises(CohortError, match=r"none: no such folder: give a cohort, or a folder"):
        bring(tmp_path / "none", tmp_path / "x", [], grades)
    with pytest.raises(CohortError, match=r"studies: no slice has a region or a grade"):
        bring(studies, tmp_path / "y", [], grades)
    (tmp_path / "void").mkdir()
    with pytest.raises(CohortError, match=r"void: is empty"):
        bring(tmp_path / "void", tmp_path / "z", [], grades)


def test_coco_of_another_size_is_refused(studies: Path, tmp_path: Path) -> None:
    coco = tmp_path / "coco.json"
    image = {"id": 7, "sop_instance_uid": "1.2.2.1.1", "width": 512, "height": 512}
    annotation = {"image_id": 7, "bbox": [10, 8, 20, 16]}
    coco.write_text(json.dumps({"images": [image], "annotations": [annotation]}), "utf-8")
    with pytest.raises(
        CohortError,
        match="annotation 0: was drawn on an image of 512 x 512 pixels, the slice has 48 x 40",
    ):
        bring(studies, tmp_path / "cohort", [coco])


def test_two_readers_and_a_key(studies: Path, tmp_path: Path) -> None:
    """Grades on which both agree come in; with a name, those of one; names may be pseudonyms."""
    pseudonyms = Pseudonyms(make_key(tmp_path / "key"))
    names = [pseudonyms.of_slice(f"1.2.1.1.{number}") for number in (1, 2)]
    patient = pseudonyms.of("patient", "ID1")
    grades = text(
        tmp_path / "g.csv",
        f"patient,sop,LDH_Ann,LDH_Bob\n{patient},{names[0]},2,2\n{patient},{names[1]},1,3",
    )
    options = ImportOptions(key=tmp_path / "key")
    summary = bring(studies, tmp_path / "agreed", [], grades, options)
    slices = read_cohort(tmp_path / "agreed").slices
    assert [one.grades["LDH"] for one in slices] == [2, None]
    assert slices[0].reference_by == ("Ann", "Bob")
    assert "0002.dcm: LDH: readers disagree: Ann 1, Bob 3" in "\n".join(summary.notes)
    bring(studies, tmp_path / "bob", [], grades, replace(options, reader="Bob"))
    slices = read_cohort(tmp_path / "bob").slices
    assert [one.grades["LDH"] for one in slices] == [2, 3]
    assert slices[0].reference_by == ("Bob",)
    bring(tmp_path / "bob", tmp_path / "more", [], grades, options)
    assert read_cohort(tmp_path / "more").slices[0].reference_by == ("Ann", "Bob")


class TestUnread:
    """Slices that nobody has read yet."""

    UNREAD = ImportOptions(unread=True)

    def test_they_make_a_cohort_that_boxes_and_grades_are_brought_to(
        self, simulated_cohort: Path, tmp_path: Path
    ) -> None:
        truth = read_cohort(simulated_cohort).slices
        summary = bring(simulated_cohort / "studies", tmp_path / "a", [], options=self.UNREAD)
        cohort = read_cohort(tmp_path / "a")
        assert [one.sop_instance_uid for one in cohort.slices] == [
            one.sop_instance_uid for one in truth
        ]
        assert (summary.slices, summary.regions, summary.grades) == (len(truth), 0, {})
        assert summary.notes[0] == (
            f"{len(truth)} slices have no grade: let readers grade them (`lumbargrade read`), then "
            "import their grades into a new cohort"
        )
        assert all(not one.grades and one.disc_in_plane is None for one in cohort.slices)
        series = [path for path in (tmp_path / "a" / "studies").glob("*/*") if path.is_dir()]
        assert len(series) == 2  # the sagittal one is taken in beside the axial one
        sop = truth[0].sop_instance_uid
        boxes = text(tmp_path / "boxes.csv", f"sop,x,y,w,h\n{sop},100,100,60,60")
        grades = text(tmp_path / "grades.csv", f"sop,LDH\n{sop},2")
        bring(tmp_path / "a", tmp_path / "b", [boxes], grades)
        again = read_cohort(tmp_path / "b").slices
        assert len(again) == len(truth)
        (read,) = [one for one in again if one.sop_instance_uid == sop]
        assert (read.grades, read.box_px) == ({"LDH": 2}, (99.5, 99.5, 60.0, 60.0))
        assert len(list((tmp_path / "b" / "studies").glob("*/*"))) == 2

    def test_a_level_of_a_table_counts_more_than_a_counted_one(
        self, simulated_cohort: Path, tmp_path: Path
    ) -> None:
        sop = read_cohort(simulated_cohort).slices[0].sop_instance_uid
        boxes = text(tmp_path / "boxes.csv", f"sop,x,y,w,h,level\n{sop},100,100,60,60,L1/L2")
        bring(simulated_cohort / "studies", tmp_path / "a", [boxes], options=self.UNREAD)
        slices = {one.sop_instance_uid: one for one in read_cohort(tmp_path / "a").slices}
        assert slices[sop].level is Level.L1_L2

    def test_nothing_to_read_is_told(self, simulated_cohort: Path, tmp_path: Path) -> None:
        with pytest.raises(CohortError, match="holds no axial t1 slice to read: P00001: "):
            bring(
                simulated_cohort / "studies",
                tmp_path / "a",
                [],
                options=replace(self.UNREAD, contrast="t1"),
            )

    def test_a_folder_that_is_no_study_is_listed(
        self, simulated_cohort: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "archive" / "letters").mkdir(parents=True)
        (tmp_path / "archive" / "letters" / "letter.pdf").write_text("no picture", "utf-8")
        (study,) = (simulated_cohort / "studies").iterdir()
        (tmp_path / "archive" / "P1").symlink_to(study)
        summary = bring(tmp_path / "archive", tmp_path / "a", [], options=self.UNREAD)
        assert summary.patients == 1
        assert any("1 studies have slices that cannot be read" in one for one in summary.notes)
        with pytest.raises(CohortError, match="letters: "):
            bring(tmp_path / "archive", tmp_path / "b", [text(tmp_path / "b.csv", "sop,x,y,w,h")])


DISCS = """
    patient,level,system,grade,reader
    case1,L4/L5,PFIRRMANN,3,Ann
    case1,L4/L5,PFIRRMANN,3,Bob
    case1,L5/S1,PFIRRMANN,5,Ann
    case1,L5/S1,PFIRRMANN,4,Bob
    ID2,L4/L5,PFIRRMANN,1,Ann
    ID2,L4/L5,PFIRRMANN,1,Bob
    """


def test_grades_of_discs_are_kept_by_patient_and_name(studies: Path, tmp_path: Path) -> None:
    table = text(tmp_path / "pfirrmann.csv", DISCS)
    out, masks = tmp_path / "cohort", tmp_path / "masks"
    save_mask(masks / "case1_low.voi", LOW, {1: (10, 8, 20, 16)})
    save_mask(masks / "case2_high.voi", HIGH, {0: (12, 9, 15, 14)})
    summary = bring(studies, out, [masks], table)
    names = sorted({one.patient_id for one in read_cohort(out).slices})
    assert read_disc_grades(out) == {
        names[0]: {"L4/L5": {"PFIRRMANN": 2}},
        names[1]: {"L4/L5": {"PFIRRMANN": 0}},
    }
    assert summary.grades["PFIRRMANN"] == 2
    assert "L5/S1 of case1: PFIRRMANN: readers disagree: Ann 5, Bob 4" in "".join(summary.notes)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("P9,L4/L5,PFIRRMANN,3,Ann", "patient P9 has no slice in the cohort: check the name"),
        ("case1,,PFIRRMANN,3,Ann", "PFIRRMANN is of a disc: fill in patient and level"),
        ("case1,L4/L5,PFIRRMANN,0,Ann", "PFIRRMANN grade '0' is unknown: grades go from 1 to 5"),
        ("case1,L4/L5,PFIRRMANN,4,Ann", "PFIRRMANN 4 for L4/L5 of case1 contradicts"),
    ],
)
def test_a_wrong_grade_of_a_disc_is_told(
    studies: Path, tmp_path: Path, row: str, fault: str
) -> None:
    table = text(tmp_path / "pfirrmann.csv", f"{DISCS.rstrip()}\n{row}")
    with pytest.raises(CohortError, match=fault):
        bring(studies, tmp_path / "cohort", [], table, ImportOptions(unread=True))
    assert not (tmp_path / "cohort").exists()
