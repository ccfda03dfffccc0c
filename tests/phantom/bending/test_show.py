from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import BundleError, CohortError
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.phantom.bending.show import COLUMNS, ShowOptions, show_bends


def test_sheets_and_a_table(simulated_cohort: Path, tmp_path: Path) -> None:
    cohort, engine = read_cohort(simulated_cohort), Engine(load_bundle())
    options = ShowOptions(slices=4, bends=2, as_t2=True)
    count = show_bends(cohort, engine, tmp_path / "out", options, lambda *_: None)
    assert count >= 2
    lines = (tmp_path / "out" / "bends.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert len(lines) == count + 1
    with Image.open(tmp_path / "out" / "sheet-01.png") as sheet:
        assert sheet.width == 3 * 256


def test_a_cohort_of_findings_is_refused(simulated_cohort: Path, tmp_path: Path) -> None:
    cohort = read_cohort(simulated_cohort)
    ill = replace(cohort, slices=tuple(replace(one, grades={"LDH": 2}) for one in cohort.slices))
    with pytest.raises(CohortError, match="no slice that can be bent"):
        show_bends(ill, Engine(load_bundle()), tmp_path / "out", ShowOptions(), lambda *_: None)
    assert not (tmp_path / "out").exists()


def test_a_model_without_outlines_is_refused(
    simulated_cohort: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(load_bundle())
    manifest = replace(engine.bundle.manifest, outliner=None)
    monkeypatch.setattr(engine, "bundle", replace(engine.bundle, manifest=manifest))
    with pytest.raises(BundleError, match="draws no outlines, from which slices are bent"):
        show_bends(
            read_cohort(simulated_cohort), engine, tmp_path / "out", ShowOptions(), lambda *_: None
        )
    assert not (tmp_path / "out").exists()
