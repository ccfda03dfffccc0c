"""``lumbargrade agreement`` from a table to the screen, the CSV and the JSON."""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from typer.testing import CliRunner

from lumbargrade.cli.main import app


@pytest.fixture
def grades() -> np.ndarray:
    """Three readers' grades (60, 3) of 20 patients."""
    rng = np.random.default_rng(2)
    truth = rng.choice(4, (60, 1), p=(0.5, 0.25, 0.15, 0.1))
    read: np.ndarray = truth + rng.choice((-1, 0, 1), (60, 3), p=(0.1, 0.8, 0.1))
    return read.clip(0, 3)


@pytest.fixture
def readings(grades: np.ndarray, tmp_path: Path) -> Path:
    path = tmp_path / "readings.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["reader", "patient", "image", "system", "grade"])
        for image, row in enumerate(grades):
            for reader, grade in zip(("Ann", "Bob", "net"), row, strict=True):
                table.writerow([reader, f"P{image // 3}", image, "LCCS", grade])
    return path


def test_screen_csv_and_json_say_the_same(
    readings: Path, grades: np.ndarray, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["agreement", str(readings), "-o", str(out), "--model", "net"])
    assert done.exit_code == 0, done.output
    assert "LCCS: reader agreement, with" in done.stdout
    assert "model compared with readers" in done.stdout

    kappa = cohen_kappa_score(grades[:, 0], grades[:, 1], weights="linear")
    assert f"{kappa:.2f}" in done.stdout
    data = json.loads((out / "agreement.json").read_text(encoding="utf-8"))
    (system,) = data["systems"]
    assert [pair["readers"] for pair in system["pairs"]] == [
        ["Ann", "Bob"],
        ["Ann", "net"],
        ["Bob", "net"],
    ]
    found = system["pairs"][0]["coefficients"]["kappa_linear"]
    assert list(found) == ["independent", "clustered", "bootstrap"]
    assert found["clustered"]["value"] == pytest.approx(kappa, abs=1e-6)
    assert system["all_readers"]["images"] == 60
    (beside_json,) = system["model_beside_readers"]
    assert (beside_json["readers"], beside_json["images"]) == (["Ann", "Bob"], 60)
    assert len(beside_json["coefficients"]) == 7

    with (out / "agreement.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    row = next(
        row
        for row in rows
        if (row["readers"], row["coefficient"], row["interval"])
        == ("Ann / Bob", "cohen_kappa_linear", "clustered")
    )
    assert float(row["low"]) == found["clustered"]["low"]
    assert (row["images"], row["patients"]) == ("60", "20")
    assert sum(row["readers"] == "all readers" for row in rows) == 21
    beside = [row for row in rows if row["readers"] == "model beside Ann / Bob: difference"]
    assert len(beside) == 7


def test_without_a_model_there_is_nothing_beside(readings: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["agreement", str(readings), "-o", str(out)])
    assert "beside" not in done.stdout
    data = json.loads((out / "agreement.json").read_text(encoding="utf-8"))
    assert data["systems"][0]["model_beside_readers"] == []


def test_what_is_undefined_is_null_and_said(tmp_path: Path) -> None:
    path, out = tmp_path / "readings.csv", tmp_path / "out"
    rows = [f"{reader},P1,{image},LDH,0" for reader in "AB" for image in range(5)]
    path.write_text("\n".join(["reader,patient,image,system,grade", *rows]), encoding="utf-8")
    done = CliRunner().invoke(app, ["agreement", str(path), "-o", str(out)])
    said = " ".join(done.stdout.split())
    assert "interval: interval:" in said  # narrow cells break their words
    assert "1 patient, 1 patient," in said
    found = json.loads((out / "agreement.json").read_text(encoding="utf-8"))["systems"][0]
    kappa = found["pairs"][0]["coefficients"]["kappa"]["bootstrap"]
    assert (kappa["value"], kappa["low"]) == (None, None)
    assert found["pairs"][0]["coefficients"]["ac1"]["bootstrap"]["value"] == 1.0


def test_an_error_is_one_line_and_leaves_nothing(readings: Path, tmp_path: Path) -> None:
    arguments = ["agreement", str(readings), "-o", str(tmp_path / "out"), "--model", "nobody"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert done.stderr.startswith(
        "error: 'nobody' cannot be compared with readers: name one of Ann"
    )
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["readings.csv"]


def _block(text: str, head: str) -> str:
    """Return the lines of an example from its heading to the first line that is not of it."""
    lines = [line.strip() for line in text[text.index(head) :].splitlines()]
    return "\n".join([head, *itertools.takewhile(lambda line: line.count(",") == 5, lines[1:])])


@pytest.mark.parametrize("where", ["docs", "help"])
def test_the_examples_that_we_print_run(where: str, repository: Path, tmp_path: Path) -> None:
    page = repository / "docs" / "how-to" / "measure-agreement.md"
    shown = CliRunner().invoke(app, ["agreement", "--help"], env={"COLUMNS": "100"}).stdout
    text = page.read_text(encoding="utf-8") if where == "docs" else shown
    path = tmp_path / "readings.csv"
    path.write_text(_block(text, "reader,patient,image,system,side,grade"), encoding="utf-8")
    done = CliRunner().invoke(app, ["agreement", str(path), "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "LDH: reader agreement, with" in done.stdout
    assert "LNRC: reader agreement, with" in done.stdout
    assert "intervals from so few have not been tried" in done.stdout


def test_levels_and_what_it_may_be_called_are_printed(tmp_path: Path) -> None:
    lines = ["reader,patient,image,level,system,grade"]
    for patient in range(12):
        for reader, grade in (("Ann", patient % 4), ("Bob", (patient + patient // 6) % 4)):
            lines.append(f"{reader},P{patient},i{patient},L4-5,LDH,{grade}")
    path = tmp_path / "r.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["agreement", str(path), "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "LDH: agreement by level" in done.stdout
    assert "L4/L5" in done.stdout
    assert "LDH, level: AC1 " in done.stdout
    assert "Gwet's benchmark" in done.stdout.replace("\n", " ")
