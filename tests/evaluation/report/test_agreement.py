from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.report.agreement import (
    as_json,
    as_rows,
    heading,
    system_agreement,
    write,
)
from lumbargrade.evaluation.report.labels import COEFFICIENT_NAMES
from lumbargrade.statistics.agreement.many_raters import COEFFICIENTS
from lumbargrade.statistics.agreement.readings_matrix import ReadingsMatrix

OPTIONS = Options(resamples=40)


def _matrix(readers: int) -> ReadingsMatrix:
    ratings = np.random.default_rng(1).integers(0, 4, (72, readers))
    whose = np.repeat(list("PQRSTUVWXYZ0"), 6)
    return ReadingsMatrix(tuple("ABCD"[:readers]), ratings, whose, 4)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("readers", "model", "beside"), [(2, None, 0), (4, "D", 4)])
def test_every_number_is_in_both(readers: int, model: str | None, beside: int) -> None:
    found = (system_agreement("LDH", _matrix(readers), OPTIONS, model),)
    (system,) = as_json(found, OPTIONS)["systems"]
    assert len(system["pairs"]) == readers * (readers - 1) // 2
    assert len(system["model_beside_readers"]) == beside
    head, *rows = (tuple(row) for row in as_rows(found))
    assert len({len(row) for row in (head, *rows)}) == 1
    assert len(rows) == 21 * (len(system["pairs"]) + 1) + 3 * 7 * beside
    numbers = {(row[1], row[2], row[3]): row[4:7] for row in rows}
    parts = [(" / ".join(pair["readers"]), pair) for pair in system["pairs"]]
    for label, part in (*parts, ("all readers", system["all_readers"])):
        whose = "fleiss_" if label == "all readers" else "cohen_"
        for name, kinds in part["coefficients"].items():
            key = f"{whose}{name}" if name.startswith("kappa") else name
            for kind, one in kinds.items():
                expected = [one["value"], one["low"], one["high"]]
                assert [float(cell) for cell in numbers[label, key, kind]] == expected


def test_every_coefficient_has_a_heading() -> None:
    assert COEFFICIENT_NAMES.keys() == COEFFICIENTS.keys()
    assert heading("ac2_ordinal", "all") == "AC2, ordinal"
    assert heading("kappa_linear", "pair") == "Cohen kappa, linear"
    assert heading("kappa", "all") == "Fleiss kappa"


def test_files_are_plain_and_hold_null_for_the_undefined(tmp_path: Path) -> None:
    same = ReadingsMatrix(("A", "B"), np.zeros((4, 2), dtype=np.int64), np.array(list("PQRS")), 4)
    write((system_agreement("LDH", same, OPTIONS),), OPTIONS, tmp_path)
    text = (tmp_path / "agreement.json").read_text(encoding="utf-8")
    assert "NaN" not in text
    kappa = json.loads(text)["systems"][0]["pairs"][0]["coefficients"]["kappa"]["bootstrap"]
    nothing = {"value": None, "low": None, "high": None}
    assert kappa == {**nothing, "undefined_resamples": 40, "no_interval": "undefined"}
    assert "LDH,A / B,cohen_kappa,bootstrap,,,,4,4" in (tmp_path / "agreement.csv").read_text()


def test_a_name_that_a_spreadsheet_would_run_is_quoted(tmp_path: Path) -> None:
    ratings = np.random.default_rng(1).integers(0, 4, (30, 2))
    bad = ReadingsMatrix(("=1+1", "-1+cmd|' /C calc'!A0"), ratings, np.repeat(list("PQRST"), 6), 4)
    write((system_agreement("LDH", bad, OPTIONS),), OPTIONS, tmp_path)
    text = (tmp_path / "agreement.csv").read_text(encoding="utf-8")
    assert ",'=1+1 / -1+cmd" in text


def test_a_model_that_is_not_there_is_refused() -> None:
    with pytest.raises(EvaluationError, match="'Z' cannot be compared with readers"):
        system_agreement("LDH", _matrix(3), OPTIONS, "Z")
