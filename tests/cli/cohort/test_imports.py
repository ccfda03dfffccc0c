"""``lumbargrade cohort import``: from the command line, and back again from an export."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from tests.cli.calls import call, refused

from lumbargrade.archive.flow.included import read_included
from lumbargrade.archive.pseudonym import make_key
from lumbargrade.cohort.read import CohortSlice, read_cohort
from lumbargrade.grading.level import Level
from lumbargrade.study.series.select import select_axial


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
        assert {path.name for path in (tmp_path / "mine" / "studies").iterdir()} == names

    def test_what_is_still_to_be_read_keeps_its_flow(
        self, studies: Path, flow: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        any_field = partial(select_axial, narrowest_mm=0.0)  # these studies are 36 mm wide
        monkeypatch.setattr("lumbargrade.cohort.imports.unread.select_axial", any_field)
        told = call(
            *("cohort", "import", studies, "--unread", "--lowest-level", "L5/S1"),
            *("--flow", flow, "--key", tmp_path / "index.key", "-o", tmp_path / "unread"),
        )
        assert "1 patients, 6 slices, 0 with a region" in told
        assert "grades: none" in told
        assert "1 studies are not in the flow and were excluded" in told
        kept = (tmp_path / "unread" / "flow.json").read_bytes()
        assert kept == (flow / "flow.json").read_bytes()
        levels = [one.level for one in read_cohort(tmp_path / "unread").slices]
        assert levels == [Level.L5_S1] * 3 + [Level.L4_L5] * 3
        make_key(tmp_path / "other.key")
        assert "none of 2 studies is in the flow: give the flow of this archive" in refused(
            *("cohort", "import", studies, "--unread", "--flow", flow),
            *("--key", tmp_path / "other.key", "-o", tmp_path / "nobody"),
        )

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
