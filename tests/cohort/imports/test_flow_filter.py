"""Only series that a patient flow included are imported, under the names of their patients."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.archive.index_rows import study, table, write_included

from lumbargrade.archive.pseudonym import Pseudonyms, make_key
from lumbargrade.cohort.imports.assembly import StudyDrafts
from lumbargrade.cohort.imports.boxes import BoxRow
from lumbargrade.cohort.imports.flow_filter import Chosen, read_chosen
from lumbargrade.cohort.imports.studies import ReadStudy
from lumbargrade.errors import CohortError, MissingExtraError
from lumbargrade.readings.slice_key import SliceKey

KEY = Pseudonyms(bytes(32))


@pytest.fixture
def with_boxes(drafts: StudyDrafts) -> StudyDrafts:
    drafts.add_boxes(
        BoxRow(f"b row {n}", SliceKey(sop=f"1.2.1.1.{n}"), (1.0, 1.0, 5.0, 5.0)) for n in (1, 2)
    )
    return drafts


def test_an_included_series_keeps_its_slices_and_gives_the_patient(
    with_boxes: StudyDrafts,
) -> None:
    chosen = Chosen({KEY.of("series", "1.2.1.1"): "patient-7"}, KEY)
    assert chosen.keep(with_boxes) == "patient-7"
    assert len(with_boxes.drafts) == 2


def test_another_series_is_dropped(with_boxes: StudyDrafts) -> None:
    chosen = Chosen({KEY.of("series", "1.2.1.9"): "patient-7"}, KEY)
    assert chosen.keep(with_boxes) is None
    assert with_boxes.drafts == {}


def test_a_study_is_known_by_any_of_its_series(read_case: ReadStudy) -> None:
    assert Chosen({KEY.of("series", "1.2.1.1"): "patient-7"}, KEY).knows(read_case.study)
    assert not Chosen({KEY.of("series", "1.2.1.9"): "patient-7"}, KEY).knows(read_case.study)


def test_no_flow_chooses_nothing() -> None:
    assert read_chosen(None, None) is None


def test_flow_and_key_go_together(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match="--flow and --key go together: the flow, and the key"):
        read_chosen(tmp_path, None)


def test_a_flow_is_read_with_its_key(tmp_path: Path) -> None:
    write_included(tmp_path, table(study("A", 2), study("B", 1)), [1, 1, None])
    pseudonyms = Pseudonyms(make_key(tmp_path / "key"))
    chosen = read_chosen(tmp_path, tmp_path / "key")
    assert chosen is not None
    assert chosen.owners == {"As.1": "A", "Bs.1": "B"}
    assert chosen.pseudonyms.check == pseudonyms.check
    assert chosen.pseudonyms.of("patient", "x") == pseudonyms.of("patient", "x")


def test_what_is_no_flow_or_has_no_key_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CohortError, match=r"is neither a cohort .* nor a patient flow"):
        read_chosen(tmp_path, tmp_path / "key")
    write_included(tmp_path, table(study("A", 1)), [1])
    with pytest.raises(CohortError, match="the key cannot be read"):
        read_chosen(tmp_path, tmp_path / "key")
    monkeypatch.delitem(sys.modules, "lumbargrade.archive.flow.included")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match="importing what 'cohort flow' included needs the "):
        read_chosen(tmp_path, tmp_path / "key")
