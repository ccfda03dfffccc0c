"""From files of counts and claims to their figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.matrix.check import Verdict
from lumbargrade.evaluation.matrix.figures import Figure
from lumbargrade.evaluation.matrix.run import read_published


def test_claims_are_of_the_systems_of_the_counts(tmp_path: Path) -> None:
    counts, claims = tmp_path / "counts.csv", tmp_path / "claims.csv"
    counts.write_text("90,10\n15,35\n", encoding="utf-8")
    assert read_published(counts, None)[1] == ()
    claims.write_text("figure,grade,value\naccuracy,,83.3 %\nsupport,1,51\n", encoding="utf-8")
    (found,), checked = read_published(counts, claims)
    assert found.values[Figure("accuracy")].value == 125 / 150
    assert [one.verdict for one in checked] == [Verdict.FITS, Verdict.DIFFERS]
    claims.write_text("system,figure,value\nLDH,accuracy,0.8\n", encoding="utf-8")
    with pytest.raises(
        EvaluationError, match="system 'LDH' is not in the counts: name one of none"
    ):
        read_published(counts, claims)
