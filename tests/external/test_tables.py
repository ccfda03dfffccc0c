"""The tables print the merging, the majority class and what is left out."""

from __future__ import annotations

from tests.external.world import evaluated, many

from lumbargrade.external.tables import external_tables, label_rows


def test_the_merging_stands_with_the_figures() -> None:
    tables = {one.name: one for one in external_tables(evaluated())}
    assert list(tables) == ["crosswalk", "labels", "order", "agreement", "severities", "levels"]
    assert "LNRC 0, 1 -> normal or mild; 2 -> moderate; 3 -> severe" in tables["agreement"].note
    assert "They measure different things" in " ".join(tables["crosswalk"].rows[1])
    agreement = dict(zip(tables["agreement"].columns, tables["agreement"].rows[0], strict=True))
    assert agreement["majority class"] == "0.33"
    order = dict(zip(tables["order"].columns, tables["order"].rows[0], strict=True))
    assert order["AUC, cut 1"].startswith("moderate or worse: ")
    assert order["AUC, cut 2"].startswith("severe: ")
    assert "concordance within level" not in tables["levels"].columns


def test_labels_that_are_left_out_are_counted() -> None:
    table = next(one for one in external_tables(evaluated()) if one.name == "labels")
    canal, recess = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
    assert (canal["labels"], canal["compared"]) == ("25", "24")
    assert canal["left out: no disc slice near the mark"] == "1"
    assert recess["left out: no grade in the set"] == "1"
    assert recess["found by: its own mark on an axial slice"] == "48"


def test_every_label_is_a_row() -> None:
    heading, *rows = label_rows(many().compared[0])
    last = dict(zip(heading, rows[-1], strict=True))
    assert len(rows) == 25
    assert (last["grade"], last["left_out"]) == ("", "no disc slice near the mark")
    assert dict(zip(heading, rows[2], strict=True))["merged"] == "2"
