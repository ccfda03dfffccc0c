"""From a table of readings to its agreement, with a model beside readers where it can be."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.agreement import measure_agreement


def table(path: Path, *rows: Iterable[object]) -> Path:
    head = "reader,patient,image,system,grade"
    path.write_text("\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n")
    return path


def rows(
    readers: Iterable[str], system: str = "LCCS", first: int = 0
) -> list[tuple[str, str, str, str, int]]:
    """Six images of six patients, read by each."""
    return [
        (reader, f"P{image}", f"i{image}", system, (image + place) % 3)
        for place, reader in enumerate(readers)
        for image in range(first, first + 6)
    ]


def test_files_hold_what_is_returned(tmp_path: Path) -> None:
    path = table(tmp_path / "r.csv", *rows(("Ann", "Bob", "net")))
    (found,), notes = measure_agreement(path, tmp_path / "out", "net")
    assert [pair.readers for pair in found.pairs] == [
        ("Ann", "Bob"),
        ("Ann", "net"),
        ("Bob", "net"),
    ]
    assert found.beside
    assert notes == ["LCCS: images of 6 patients only: intervals from so few have not been tried."]
    data = json.loads((tmp_path / "out" / "agreement.json").read_text())
    assert data["systems"][0]["model_beside_readers"]


def test_one_patient_is_counted_in_the_singular(tmp_path: Path) -> None:
    path = table(
        tmp_path / "r.csv", *((one, "P", f"i{n}", "LDH", n) for one in "AB" for n in (0, 1))
    )
    _, notes = measure_agreement(path, tmp_path / "out")
    assert notes == ["LDH: images of 1 patient only: intervals from so few have not been tried."]


@pytest.mark.parametrize("shared", [True, False])
def test_a_model_is_set_beside_readers_where_it_read_their_images(
    shared: bool, tmp_path: Path
) -> None:
    """Of LDH, the model read other images than the two readers, or did not read it."""
    other = [] if shared else rows(("net",), "LDH", first=6)
    path = table(
        tmp_path / "r.csv", *rows(("Ann", "Bob", "net")), *rows(("Ann", "Bob"), "LDH"), *other
    )
    found, notes = measure_agreement(path, tmp_path / "out", "net")
    assert {one.system: bool(one.beside) for one in found} == {"LDH": False, "LCCS": True}
    assert notes[-3] == (
        "LDH: net has no image in common with two other readers, so it is not compared."
    )


@pytest.mark.parametrize("model", ["nobody", "Cy"])
def test_a_model_that_reads_beside_nobody_is_refused(model: str, tmp_path: Path) -> None:
    path = table(tmp_path / "r.csv", *rows(("Ann", "Bob")), *rows(("Cy",), first=6))
    with pytest.raises(
        EvaluationError,
        match=f"'{model}' cannot be compared with readers: name one of Ann, Bob, Cy and have two",
    ):
        measure_agreement(path, tmp_path / "out", model)
    assert not (tmp_path / "out").exists()


def test_agreement_is_of_first_readings_and_at_each_level(tmp_path: Path) -> None:
    lines = ["reader,patient,image,level,system,grade,round,arm"]
    for patient in range(12):
        for place, level in enumerate(("L3/L4", "L4/L5")):
            for reader, grade in (("Ann", patient % 3), ("Bob", (patient + patient % 2) % 3)):
                image = f"i{patient}-{place}"
                lines.append(f"{reader},P{patient},{image},{level},LDH,{grade},1,plain")
    lines += ["Ann,P0,i0-0,L3/L4,LDH,3,2,plain", "Ann,P1,i1-0,L3/L4,LDH,3,1,assisted"]
    path = tmp_path / "r.csv"
    path.write_text("\n".join(lines) + "\n")
    (found,), notes = measure_agreement(path, tmp_path / "out")
    assert notes[0].startswith("1 reading of a later round left out")
    assert notes[1].startswith("1 reading with the model's help left out")
    assert list(found.levels) == ["L3/L4", "L4/L5"]
    assert found.levels["L3/L4"].together.images == 12
    rows = (tmp_path / "out" / "levels.csv").read_text().splitlines()
    assert len(rows) == 1 + 2 * 2 * 7  # levels, the pair and all, coefficients
    data = json.loads((tmp_path / "out" / "agreement.json").read_text())
    assert list(data["systems"][0]["levels"]) == ["L3/L4", "L4/L5"]
    classes = data["systems"][0]["all_readers"]["benchmark"]["ac1"]["landis_koch"]
    assert len(classes["or_better"]) == 6
    assert (tmp_path / "out" / "benchmark.csv").exists()


def test_discs_are_known_by_patient_and_level(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    lines = [
        f"{reader},P{patient},{level},PFIRRMANN,{1 + (patient + place) % 5}"
        for place, reader in enumerate(("Ann", "Bob"))
        for patient in range(6)
        for level in ("L4/L5", "L5/S1")
    ]
    path.write_text("\n".join(["reader,patient,level,system,grade", *lines]) + "\n")
    (found,), _ = measure_agreement(path, tmp_path / "out")
    assert (found.system, found.pairs[0].images, found.pairs[0].patients) == ("PFIRRMANN", 12, 6)
    assert set(found.levels) == {"L4/L5", "L5/S1"}
