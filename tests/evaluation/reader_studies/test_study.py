from __future__ import annotations

from lumbargrade.evaluation.reader_studies.study import LIKE_THESE, THESE, Study


def test_a_study_needs_no_more_than_its_figures() -> None:
    study = Study("interchange", {"margin": 0.05}, ())
    assert (study.statements, study.notes, study.sizes, study.details) == ((), (), (), {})
    assert THESE != LIKE_THESE
