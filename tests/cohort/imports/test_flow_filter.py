"""A flow and its key, given together or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.archive.index_rows import study, table
from tests.cohort.split.test_patients import write_included

from lumbargrade.archive.pseudonym import Pseudonyms, make_key
from lumbargrade.cohort.imports.flow_filter import read_chosen
from lumbargrade.errors import CohortError


def test_no_flow_chooses_nothing() -> None:
    assert read_chosen(None, None) is None


def test_flow_and_key_go_together(tmp_path: Path) -> None:
    for flow, key in ((tmp_path, None), (None, tmp_path)):
        with pytest.raises(
            CohortError, match="--flow and --key go together: the flow, and the key"
        ):
            read_chosen(flow, key)


def test_series_and_their_patients(tmp_path: Path) -> None:
    key = make_key(tmp_path / "I.key")
    write_included(tmp_path, table(study("A", 2), study("B", 1)), [2, 2, None])
    chosen = read_chosen(tmp_path, tmp_path / "I.key")
    assert chosen is not None
    assert chosen.owners == {"As.1": "A", "Bs.1": "B"}
    assert chosen.pseudonyms.of("patient", "x") == Pseudonyms(key).of("patient", "x")
