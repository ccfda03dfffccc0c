"""From files to the report, held to the split."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.evaluation.graded import (
    MODEL,
    cohort_of,
    evaluate_quickly,
    graded_slice,
    reference_slice,
    sixteen_slices,
    study_of,
)
from tests.evaluation.measured import measured_slices, reader_rows, write_table
from tests.evaluation.undrawn import draw_nothing

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.cohort.split.file import write_split
from lumbargrade.errors import CohortError, EvaluationError, OutputError
from lumbargrade.evaluation.evaluate import EvaluateOptions, evaluate
from lumbargrade.evaluation.match_records import Material
from lumbargrade.evaluation.report.tables.graders import comparison_line
from lumbargrade.evaluation.results import UNTIED
from lumbargrade.files.staging import staged
from lumbargrade.grading import grades_json
from lumbargrade.inference.bundle import load_bundle


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lumbargrade.evaluation.evaluate.evaluate_material", evaluate_quickly)
    draw_nothing(monkeypatch)


@pytest.fixture
def slices() -> list[CohortSlice]:
    return sixteen_slices()


def test_the_command_refuses_before_it_writes(
    slices: list[CohortSlice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "lumbargrade.evaluation.inputs.read_cohort", lambda folder: cohort_of(slices)
    )
    predictions = tmp_path / "predictions"
    predictions.mkdir()
    grades_json.write(study_of([graded_slice("1.2.0", 0)]), predictions)
    split = tmp_path / "split.json"
    write_split(split, {"P0": "validation", "P7": "test"}, slices[:1])
    with pytest.raises(EvaluationError, match=r"training or validation set \(P0\)"):
        evaluate(predictions, [tmp_path / "cohort"], tmp_path / "out", EvaluateOptions(split))
    assert not (tmp_path / "out").exists()
    with pytest.raises(EvaluationError, match="--only-unseen needs --split,"):
        evaluate(
            predictions,
            [tmp_path / "cohort"],
            tmp_path / "out",
            EvaluateOptions(only_unseen=True),
        )


def test_the_report_says_what_was_left_out(
    slices: list[CohortSlice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort = replace(cohort_of(slices), simulated=False)
    monkeypatch.setattr("lumbargrade.evaluation.inputs.read_cohort", lambda folder: cohort)
    predictions = tmp_path / "predictions"
    predictions.mkdir()
    grades_json.write(study_of([graded_slice(f"1.2.{i}", i % 4) for i in range(16)]), predictions)
    split = tmp_path / "split.json"
    parts = {one.patient_id: "test" for one in slices} | {slices[0].patient_id: "train"}
    learnt = [one for one in slices if one.patient_id == slices[0].patient_id]
    write_split(split, parts)
    evaluate(
        predictions,
        [tmp_path / "cohort"],
        tmp_path / "out",
        EvaluateOptions(split, only_unseen=True),
    )
    written = json.loads((tmp_path / "out" / "evaluation.json").read_text())
    said = f"{len(learnt)} graded slices of training or validation patients are left out."
    assert said in written["notes"]
    assert f"{UNTIED} Give the bundle that graded with --model to check this." in written["notes"]


def test_a_split_that_the_bundle_names_is_tied_and_another_is_not(
    slices: list[CohortSlice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    split = tmp_path / "split.json"
    write_split(split, {"P9": "train", "P7": "test"})
    bundle = load_bundle()
    named = replace(bundle.manifest, split_checksum=json.loads(split.read_text())["checksum"])
    monkeypatch.setattr(
        "lumbargrade.evaluation.inputs.read_cohort", lambda folder: cohort_of(slices)
    )
    predictions = tmp_path / "predictions"
    predictions.mkdir()
    graded = [graded_slice(f"1.2.{i}", i % 4) for i in range(8)]
    grades_json.write(study_of(graded, bundle.identity), predictions)
    for manifest, tied in ((named, True), (bundle.manifest, False)):
        monkeypatch.setattr(
            "lumbargrade.evaluation.predictions.load_bundle",
            lambda model, manifest=manifest: replace(bundle, manifest=manifest),
        )
        out = tmp_path / f"out-{tied}"
        evaluate(predictions, [tmp_path / "cohort"], out, EvaluateOptions(split))
        written = json.loads((out / "evaluation.json").read_text())
        assert (UNTIED not in " ".join(written["notes"])) == tied
        assert ("names this split as its own" in json.dumps(written["checklists"])) == tied


def test_a_cohorts_own_split_that_was_not_given_is_said(
    slices: list[CohortSlice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort = replace(cohort_of(slices), folder=tmp_path, simulated=False)
    monkeypatch.setattr("lumbargrade.evaluation.inputs.read_cohort", lambda folder: cohort)
    write_split(tmp_path / "split.json", {one.patient_id: "train" for one in slices})
    grades_json.write(study_of([graded_slice(f"1.2.{i}", i % 4) for i in range(8)]), tmp_path)
    evaluate(tmp_path, [tmp_path], tmp_path / "out", EvaluateOptions())
    written = json.loads((tmp_path / "out" / "evaluation.json").read_text())
    assert any(
        "split.json is used here for external patients only:" in note for note in written["notes"]
    )


def test_a_patient_who_was_moved_is_named(
    slices: list[CohortSlice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By hand in the file, or against the split that the cohort has locked."""
    folder = tmp_path / "cohort"
    folder.mkdir()
    cohort = replace(cohort_of(slices), folder=folder, simulated=False)
    monkeypatch.setattr("lumbargrade.evaluation.inputs.read_cohort", lambda folder: cohort)
    split = tmp_path / "split.json"
    write_split(split, {"P0": "train", "P7": "test"})
    write_split(folder / "split.json", {"P0": "test", "P7": "test"})
    with pytest.raises(CohortError, match=r"would be moved: P0 \(from test to train\)"):
        evaluate(tmp_path, [folder], tmp_path / "out", EvaluateOptions(split))
    data = json.loads(split.read_text())
    split.write_text(json.dumps(data | {"train": [], "test": ["P0", "P7"]}))
    with pytest.raises(CohortError, match="P0 was locked in train and is now in test"):
        evaluate(tmp_path, [folder], tmp_path / "out", EvaluateOptions(split))
    assert not (tmp_path / "out").exists()


def test_a_cohort_that_is_locked_as_external_is_evaluated_as_such(
    slices: list[CohortSlice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = [replace(one, external=False) for one in slices]
    cohort = replace(cohort_of(inside), folder=tmp_path)
    monkeypatch.setattr("lumbargrade.evaluation.inputs.read_cohort", lambda folder: cohort)
    write_split(tmp_path / "split.json", {one.patient_id: "external" for one in slices})
    grades_json.write(study_of([graded_slice(f"1.2.{i}", i % 4) for i in range(8)]), tmp_path)
    seen: list[Material] = []

    def stop(material: Material, *_: object) -> None:
        seen.append(material)
        raise EvaluationError("seen")

    monkeypatch.setattr("lumbargrade.evaluation.evaluate.evaluate_material", stop)
    with pytest.raises(EvaluationError, match="seen"):
        evaluate(tmp_path, [tmp_path], tmp_path / "out", EvaluateOptions())
    assert [part.name for part in seen[0].flow.parts] == ["external test"]


def test_refusal_leaves_nothing_behind(
    slices: list[CohortSlice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "lumbargrade.evaluation.inputs.read_cohort", lambda folder: cohort_of(slices)
    )
    predictions = tmp_path / "predictions"
    predictions.mkdir()
    grades_json.write(study_of([graded_slice("8.8", 0)]), predictions)
    with pytest.raises(EvaluationError):
        evaluate(predictions, [tmp_path / "cohort"], tmp_path / "out", EvaluateOptions())
    assert [path.name for path in tmp_path.iterdir()] == ["predictions"]


def test_the_comparison_with_other_graders_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slices = [reference_slice(f"1.2.{i}", i // 2, i % 4) for i in range(8)]
    monkeypatch.setattr(
        "lumbargrade.evaluation.inputs.read_cohort", lambda folder: cohort_of(slices)
    )
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, grade, version in ((first, 0, "1"), (second, 1, "2")):
        folder.mkdir()
        given = [graded_slice(one.sop_instance_uid, grade) for one in slices]
        grades_json.write(study_of(given, replace(MODEL, version=version)), folder)
    table = tmp_path / "r.csv"
    rows = [f"{who},P0,1.2.{i},LDH,,{i}" for who in ("Ann", "Bob") for i in (0, 1)]
    table.write_text("\n".join(["reader,patient,image,system,side,grade", *rows]) + "\n")
    out = tmp_path / "out"
    found = evaluate(first, [tmp_path / "cohort"], out, EvaluateOptions(compare=[second, table]))
    assert comparison_line(found.comparisons[0]).startswith(
        "LDH, internal test: net 1 minus net 2, AC1 "
    )
    data = json.loads((out / "evaluation.json").read_text())
    named = {(one["first"], one["second"]) for one in data["comparisons"]}
    assert {("net 1", "net 2"), ("net 1", "Ann"), ("net 2", "Bob"), ("Ann", "Bob")} <= named
    assert {"comparison.csv", "mcnemar.csv", "graders.csv", "beside-readers.csv"} <= {
        path.name for path in (out / "tables").iterdir()
    }


def test_measures_are_compared_with_those_of_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the studies that are read; what a reader measured outside of them is said."""
    graded = measured_slices()
    monkeypatch.setattr(
        "lumbargrade.evaluation.inputs.read_cohort", lambda folder: cohort_of(sixteen_slices())
    )
    monkeypatch.setattr(
        "lumbargrade.evaluation.inputs.read_predictions", lambda folder: [study_of(graded)]
    )
    rows = [*reader_rows(graded), "8.8,1,sac_area_mm2,,100,"]
    options = EvaluateOptions(measures=[write_table(tmp_path / "Ann.csv", rows)])
    found = evaluate(tmp_path / "graded", [tmp_path / "cohort"], tmp_path / "out", options)
    area = found.measures[0]
    assert (area.first, area.second, area.measure) == ("net 1", "Ann", "sac_area_mm2")
    assert abs(area.figures["bias"].value) < 0.5
    data = json.loads((tmp_path / "out" / "evaluation.json").read_text())
    assert data["measures"][0]["figures"]["icc"]["value"] > 0.9
    assert "Ann: 1 of 49 measures belong to no evaluated image and are excluded." in data["notes"]
    assert (tmp_path / "out" / "tables" / "measure-agreement.csv").is_file()
    page = (tmp_path / "out" / "report.html").read_text()
    assert "Bland-Altman: net 1 minus Ann, internal test" in page


def test_what_is_evaluated_is_not_replaced_by_the_report(tmp_path: Path) -> None:
    with staged(tmp_path / "results") as folder:
        (folder / "graded").mkdir()
        (folder / "graded" / "grades.json").write_text("{}")
    predictions = tmp_path / "results" / "graded"
    for given in (
        (predictions, "cohort", (), ()),
        ("a", predictions, (), ()),
        ("a", "b", (predictions,), ()),
        ("a", "b", (), (predictions / "grades.json",)),
    ):
        graded, cohort, compare, measures = given
        with pytest.raises(
            OutputError, match="which is read and would be replaced: choose another"
        ):
            evaluate(
                tmp_path / graded,
                [tmp_path / cohort],
                tmp_path / "results",
                EvaluateOptions(compare=compare, measures=measures),
            )
    assert (predictions / "grades.json").read_text() == "{}"
