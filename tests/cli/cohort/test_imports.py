"""``cohort import`` and ``cohort export``, from the command line and back again."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest
from tests.archive.archive import HIGH, LOW, save_mask, write_study
from typer.testing import CliRunner

from lumbargrade.archive.flow.included import read_included
from lumbargrade.archive.pseudonym import make_key
from lumbargrade.cli.main import app
from lumbargrade.cohort.read import CohortSlice, read_cohort
from lumbargrade.outputs.dicom import sr as dicom_sr


def call(*arguments: object) -> str:
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def refused(*arguments: object) -> str:
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    assert done.exit_code == 2, done.output
    return " ".join(done.output.split())


@pytest.fixture
def studies(tmp_path: Path) -> Path:
    for number in (1, 2):
        write_study(tmp_path / "studies" / f"case{number}", f"ID{number}", str(number))
    return tmp_path / "studies"


@pytest.fixture
def cohort(studies: Path, tmp_path: Path) -> Path:
    save_mask(tmp_path / "masks" / "case1.voi", LOW, {1: (10, 8, 20, 16)})
    save_mask(tmp_path / "masks" / "case2.nii", HIGH, {0: (12, 9, 15, 14)})
    (tmp_path / "grades.csv").write_text(
        "patient,sop,level,LDH,LCCS,LNRC_left,LNRC_right\n"
        "case1,1.2.1.1.2,L4/L5,2,0,1,\n"
        "case2,1.2.2.1.4,,,3,,0\n"
        "case2,1.2.2.1.1,,,,,\n",
        "utf-8",
    )
    told = call(
        *("cohort", "import", studies, "--regions", tmp_path / "masks"),
        *("--grades", tmp_path / "grades.csv", "-o", tmp_path / "cohort"),
    )
    assert "2 patients, 3 slices, 2 with a region" in told
    assert "grades: LCCS 2, LDH 1, LNRC_left 1, LNRC_right 1" in told
    return tmp_path / "cohort"


def said(folder: Path) -> list[tuple[object, ...]]:
    def parts(one: CohortSlice) -> tuple[object, ...]:
        return (one.patient_id, one.sop_instance_uid, one.level, one.center_px, dict(one.grades))

    return [parts(one) for one in read_cohort(folder).slices]


@pytest.mark.parametrize(("format_", "name"), [("csv", "cohort.csv"), ("coco", "coco.json")])
def test_an_export_can_be_imported_again(
    cohort: Path, tmp_path: Path, format_: str, name: str
) -> None:
    call("cohort", "export", cohort, "-o", tmp_path / "csv", "--format", "csv")
    call("cohort", "export", cohort, "-o", tmp_path / format_, "--format", format_)
    call(
        *("cohort", "import", tmp_path / "studies", "--regions", tmp_path / format_ / name),
        *("--grades", tmp_path / "csv" / "cohort.csv", "-o", tmp_path / "again"),
    )
    assert said(tmp_path / "again") == said(cohort)


def test_coco_says_where_its_boxes_come_from(cohort: Path, tmp_path: Path) -> None:
    call("cohort", "export", cohort, "-o", tmp_path / "coco", "--format", "coco")
    data = json.loads((tmp_path / "coco" / "coco.json").read_text("utf-8"))
    assert len(data["images"]) == 3
    first = data["annotations"][0]
    assert first["bbox"] == pytest.approx([10, 8, 20, 16], abs=1e-3)
    assert first["attributes"]["box_source"] == "drawn by a reader"
    assert first["attributes"]["LDH"] == 2
    assert first["attributes"]["LNRC_right"] is None
    assert (data["images"][0]["width"], data["images"][0]["height"]) == (48, 40)
    for path in (cohort / "truth").iterdir():  # as the simulation writes it: centres only
        truth = json.loads(path.read_text("utf-8"))
        for one in truth["slices"]:
            if one["region"]:
                one["region"]["box_px"] = None
        path.write_text(json.dumps(truth), "utf-8")
    call("cohort", "export", cohort, "-o", tmp_path / "coco", "--format", "coco")
    data = json.loads((tmp_path / "coco" / "coco.json").read_text("utf-8"))
    assert {one["attributes"]["box_source"] for one in data["annotations"]} == {
        "square that is graded, around the centre"
    }


def test_parquet_holds_the_same_as_the_table(
    cohort: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    call("cohort", "export", cohort, "-o", tmp_path / "p", "--format", "parquet")
    call("cohort", "export", cohort, "-o", tmp_path / "c")
    rows = parquet.read_table(tmp_path / "p" / "cohort.parquet").to_pylist()
    with (tmp_path / "c" / "cohort.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert len(rows) == len(table) == 12
    assert [row["sop"] for row in rows] == [row["sop"] for row in table]
    assert [row["grade"] for row in rows] == [
        int(row["grade"]) if row["grade"] else None for row in table
    ]
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "Parquet needs the 'cohort' extra" in refused(
        "cohort", "export", cohort, "-o", tmp_path / "q", "--format", "parquet"
    )
    assert not (tmp_path / "q").exists()


def test_no_cell_starts_a_formula(cohort: Path, tmp_path: Path) -> None:
    for path in (cohort / "truth").iterdir():
        truth = json.loads(path.read_text("utf-8"))
        truth["scanner"]["name"] = "=HYPERLINK(1)"
        path.write_text(json.dumps(truth), "utf-8")
    call("cohort", "export", cohort, "-o", tmp_path / "c")
    assert ",'=HYPERLINK(1)," in (tmp_path / "c" / "cohort.csv").read_text("utf-8")


def test_reports_hold_the_reference_grades(cohort: Path, tmp_path: Path) -> None:
    call("cohort", "export", cohort, "-o", tmp_path / "sr", "--format", "sr")
    assert sorted(path.name for path in (tmp_path / "sr").glob("*.dcm")) == [
        "case1.dcm",
        "case2.dcm",
    ]
    found = dicom_sr.read(tmp_path / "sr" / "case1.dcm")
    assert {(one.system, one.side, one.grade) for one in found} == {
        ("LDH", None, 2),
        ("LCCS", None, 0),
        ("LNRC", "left", 1),
        ("LNRC", "right", None),
    }
    assert found[0].box == pytest.approx((9.5, 7.5, 20, 16), abs=2e-3)
    assert found[0].probability is None
    two = dicom_sr.read(tmp_path / "sr" / "case2.dcm")
    assert {one.box is None for one in two} == {True, False}


def test_what_is_wrong_leaves_nothing_behind(cohort: Path, tmp_path: Path) -> None:
    out = tmp_path / "new"
    assert "nothing to import: give --regions, --grades or both" in refused(
        "cohort", "import", tmp_path / "studies", "-o", out
    )
    boxes = tmp_path / "boxes.csv"
    boxes.write_text("sop,x,y,w,h\n8.8,1,2,3,4\n1.2.1.1.1,1,2,3,4\n", "utf-8")
    told = refused("cohort", "import", tmp_path / "studies", "--regions", boxes, "-o", out)
    assert (
        "error: 1 fault, nothing was written: boxes.csv row 2: matches no slice (SOP 8.8)" in told
    )
    assert "holds files that lumbargrade did not write" in refused(
        "cohort", "import", tmp_path / "studies", "--regions", boxes, "-o", tmp_path
    )
    assert not out.exists()
    assert list(tmp_path.glob(".new*")) == []


def test_a_public_set_that_is_not_there(tmp_path: Path) -> None:
    told = refused("cohort", "adapt", "spider", tmp_path / "none", "-o", tmp_path / "out")
    assert "none: no such folder: give the unpacked folder of the data set" in told
    root = tmp_path / "01_MRI_Data" / "0001"
    write_study(root / "L-SPINE_1", "0001", "5")
    told = call("cohort", "adapt", "lumbar-mendeley", tmp_path, "-o", tmp_path / "made")
    assert "1 patients, 6 slices, in " in told
    assert len(read_cohort(tmp_path / "made").slices) == 6
    told = refused("cohort", "export", tmp_path / "made", "-o", tmp_path / "sr", "--format", "sr")
    assert "no slice has a grade: nothing to report" in told


class TestFlow:
    """Index, flow, import: what the flow left out does not come in."""

    @pytest.fixture
    def flow(self, studies: Path, tmp_path: Path) -> Path:
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
        rules = tmp_path / "rules.toml"
        rules.write_text(
            'name = "two"\nmore_reasons = []\n\n[[rule]]\nstep = "exclusion"\n'
            'reason = "fracture"\nlisted_for = ["fracture"]\n',
            "utf-8",
        )
        (tmp_path / "out.csv").write_text("patient,reason,note\nID2,fracture,\n", "utf-8")
        call("cohort", "index", studies, "-o", tmp_path / "index")
        call(
            *("cohort", "flow", tmp_path / "index", "-o", tmp_path / "flow", "--rules", rules),
            *("--exclude", tmp_path / "out.csv"),
        )
        return tmp_path / "flow"

    def test_patients_carry_the_names_of_its_split(
        self, cohort: Path, flow: Path, tmp_path: Path
    ) -> None:
        told = call(
            *("cohort", "import", tmp_path / "studies", "--regions", tmp_path / "masks"),
            *("--grades", tmp_path / "grades.csv", "--flow", flow),
            *("--key", tmp_path / "index.key", "-o", tmp_path / "mine"),
        )
        assert "1 patients, 1 slices" in told
        assert "1 studies are not in the flow and were excluded" in told
        names = {one.patient_id for one in read_cohort(tmp_path / "mine").slices}
        table = read_included(flow)
        assert names == set(table["patient_id"].to_pylist())
        assert not names & {"case1", "ID1"}

    def test_another_key_finds_nobody(self, cohort: Path, flow: Path, tmp_path: Path) -> None:
        make_key(tmp_path / "other.key")
        assert "is in the flow: give the flow of this archive, and the key" in refused(
            *("cohort", "import", tmp_path / "studies", "--regions", tmp_path / "masks"),
            *("--flow", flow, "--key", tmp_path / "other.key", "-o", tmp_path / "mine"),
        )
        assert not (tmp_path / "mine").exists()

    def test_flow_and_key_go_together(self, cohort: Path, tmp_path: Path) -> None:
        assert "--flow and --key go together" in refused(
            *("cohort", "import", tmp_path / "studies", "--regions", tmp_path / "masks"),
            *("--flow", tmp_path, "-o", tmp_path / "mine"),
        )
