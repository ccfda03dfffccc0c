"""Counts of an index: the usable files and what they belong to, the reasons of the others."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from tests.archive.archives import index, patient_slice
from tests.study.conftest import save

from lumbargrade.archive.index.columns import Reason
from lumbargrade.archive.index.index import IndexSummary, summarise
from lumbargrade.archive.index.index_paths import IndexPaths


def test_only_usable_files_count_for_patients(archive: Path, places: IndexPaths) -> None:
    (archive / "letter.txt").write_text("Dear Dr Smith")
    (archive / "empty").touch()
    save(patient_slice(9, Modality="CT"), archive / "p9" / "IM1")
    save(patient_slice(1, SeriesInstanceUID="1.2.3", SOPInstanceUID="1.2.3.4"), archive / "more")
    index(archive, places)
    assert summarise(places) == IndexSummary(
        files=16,
        usable=13,
        patients=3,
        studies=3,
        series=4,
        reasons=Counter({Reason.NOT_DICOM: 1, Reason.EMPTY: 1, Reason.NOT_MR: 1}),
    )
    described = json.loads(places.description.read_text())
    assert described["rows"] == {"files": 16, "usable": 13, "patients": 3}
