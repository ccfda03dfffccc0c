from __future__ import annotations

import json
import math
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lumbargrade.cli.evaluate import bundle_that_graded, evaluate, run
from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.cohort.split.file import write_split
from lumbargrade.errors import (
    BundleError,
    CohortError,
    EvaluationError,
    LumbargradeError,
    MissingExtraError,
)
from lumbargrade.evaluation.match import match, read_predictions, unseen
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.results import UNTIED, Material
from lumbargrade.grading import grades_json
from lumbargrade.grading.finding import (
    Finding,
    ModelIdentity,
    Region,
    Side,
    SliceGrades,
    StudyGrades,
)
from lumbargrade.grading.level import Level, LevelAssignment
from lumbargrade.grading.sides import worse_side_probabilities
from lumbargrade.inference.bundle import DEFAULT_MODEL, load_bundle
from lumbargrade.statistics.calibration import untempered

QUICK = Options(resamples=50)
MODEL = ModelIdentity("net", "1", "0" * 64, "simulation")
REGION = Region((0, 0, 0), (10, 10), 75.0, (0, 0, 20, 20), "locator", 0.9)


def _certain(grade: int) -> tuple[float, ...]:
    return tuple(1.0 if value == grade else 0.0 for value in range(4))


def _graded(uid: str, grade: int, disc: bool = True) -> SliceGrades:
    there = [("LDH", None), ("LNRC", Side.LEFT), ("LNRC", Side.RIGHT), ("LNRC", None)]
    findings = [Finding("LCCS", None, grade, _certain(grade))]
    for system, side in there:
        given = grade if disc else None
        findings.append(Finding(system, side, given, _certain(grade), "" if disc else "no disc"))
    return SliceGrades("1.1", uid, 1, f"{uid}.dcm", LevelAssignment(), REGION, tuple(findings))


DOUBTFUL = (0.6, 0.3, 0.1, 0.0)


def _doubtful(uid: str) -> SliceGrades:
    """Probably 0, perhaps 1."""
    graded = _graded(uid, 0)
    findings = [replace(one, probabilities=DOUBTFUL, grade_set=(0, 1)) for one in graded.findings]
    return replace(graded, findings=tuple(findings))


def _reference(uid: str, patient: int, grade: int, scanner: str = "one") -> CohortSlice:
    return CohortSlice(
        patient_id=f"P{patient}",
        file=Path(f"{uid}.dcm"),
        series_instance_uid="1.1",
        sop_instance_uid=uid,
        contrast="t2",
        level=Level.L4_L5,
        disc_in_plane=True,
        center_px=(10.0, 10.0),
        grades={"LDH": grade, "LCCS": grade, "LNRC_left": 0, "LNRC_right": grade},
        scanner=scanner,
        external=scanner == "far",
        age_years=50,
        sex="F",
    )


def _cohort(slices: list[CohortSlice]) -> Cohort:
    return Cohort(folder=Path("COHORT"), simulated=True, slices=tuple(slices), fingerprint="f")


def _study(slices: list[SliceGrades], model: ModelIdentity = MODEL) -> StudyGrades:
    return StudyGrades("1", "P", model, "0.1", tuple(slices))


@pytest.fixture
def slices() -> list[CohortSlice]:
    return [_reference(f"1.2.{i}", i // 2, i % 4, "far" if i >= 12 else "one") for i in range(16)]


def test_matching_is_by_image_and_the_image_grade_is_the_worse_side(
    slices: list[CohortSlice],
) -> None:
    study = _study([_graded(f"1.2.{i}", i % 4) for i in reversed(range(16))])
    found = evaluate([study], _cohort(slices), QUICK)
    everything = {one.system: one for one in found.figures if one.group == "all images"}
    assert list(everything) == ["LDH", "LCCS", "LNRC"]
    for one in everything.values():
        assert (one.images, one.patients) == (16, 8)
        assert one.figures["ac1"].value == 1.0
        assert [row.images for row in one.grades] == [4, 4, 4, 4]


def test_groups_are_internal_external_and_what_is_known_of_the_patients(
    slices: list[CohortSlice],
) -> None:
    slices = [replace(one, field_strength_t=1.5 if one.external else 3) for one in slices]
    graded = [_graded(one.sop_instance_uid, 0 if one.external else 1) for one in slices]
    found = evaluate([_study(graded)], _cohort(slices), QUICK)
    groups = {one.group: one.images for one in found.figures if one.system == "LDH"}
    assert groups == {"all images": 16, "internal test": 12, "external test": 4}
    groups = {one.group: one.images for one in found.subgroups if one.system == "LDH"}
    assert groups == {
        "scanner: far": 4,
        "scanner: one": 12,
        "field strength: 1.5 T": 4,
        "field strength: 3 T": 12,
    }


def test_levels_and_patients_are_the_worst_of_their_images(slices: list[CohortSlice]) -> None:
    """Two images a patient, both of L4/L5, of grades 0 and 1 or 2 and 3."""
    study = _study([_graded(f"1.2.{i}", i % 4) for i in range(16)])
    found = evaluate([study], _cohort(slices), QUICK)
    for figures in (found.levels[0], found.patients[0]):
        assert [row.images for row in figures.grades] == [0, 4, 0, 4]
        assert figures.figures["accuracy"].value == 1.0


def test_missing_slices_and_missing_discs_are_not_graded(slices: list[CohortSlice]) -> None:
    graded = [_graded(f"1.2.{i}", i % 4, disc=i != 3) for i in range(10)]
    found = evaluate([_study(graded)], _cohort(slices), QUICK)
    coverage = {one.system: one.coverage for one in found.figures if one.group == "all images"}
    assert (coverage["LCCS"].graded, coverage["LCCS"].not_graded) == (10, 6)
    assert (coverage["LDH"].graded, coverage["LDH"].not_graded) == (9, 7)
    assert "6 of 16 slices of the cohort were not graded." in found.material.notes


def test_a_grade_where_there_is_no_reference_is_counted(slices: list[CohortSlice]) -> None:
    none = {"LDH": None, "LCCS": 0, "LNRC_left": None, "LNRC_right": None}
    slices[0] = replace(slices[0], grades=none)
    graded = [_graded(one.sop_instance_uid, 0) for one in slices]
    found = evaluate([_study(graded)], _cohort(slices), QUICK)
    assert found.figures[0].coverage.graded_without_reference == 1
    assert found.figures[0].images == 15


def test_a_contrast_that_the_model_does_not_read_is_left_out(slices: list[CohortSlice]) -> None:
    other = replace(_reference("9.9", 1, 0), contrast="t1")
    graded = [_graded(one.sop_instance_uid, 0) for one in slices]
    found = evaluate([_study(graded)], _cohort([*slices, other]), QUICK)
    assert found.figures[0].coverage.not_graded == 0
    assert any("1 slices of a contrast" in note for note in found.material.notes)


def test_strangers_are_left_out_and_said(slices: list[CohortSlice]) -> None:
    graded = [_graded("1.2.0", 0), _graded("8.8", 3)]
    found = evaluate([_study(graded)], _cohort(slices), QUICK)
    assert found.figures[0].images == 1
    assert "1 graded slices are not in the cohort and are excluded." in found.material.notes


def test_one_patient_is_said(slices: list[CohortSlice]) -> None:
    found = evaluate([_study([_graded("1.2.0", 0)])], _cohort(slices[:2]), QUICK)
    assert any("one patient," in note for note in found.material.notes)


def test_no_common_image_is_refused(slices: list[CohortSlice]) -> None:
    with pytest.raises(EvaluationError, match="none of the 1 graded slices is in COHORT"):
        evaluate([_study([_graded("8.8", 3)])], _cohort(slices), QUICK)


def test_an_image_graded_twice_is_refused(slices: list[CohortSlice]) -> None:
    study = _study([_graded("1.2.0", 0)])
    with pytest.raises(EvaluationError, match=r"image 1\.2\.0 .* was graded twice"):
        evaluate([study, study], _cohort(slices), QUICK)


def test_two_models_are_refused(slices: list[CohortSlice]) -> None:
    other = _study([_graded("1.2.1", 0)], replace(MODEL, version="2"))
    with pytest.raises(EvaluationError, match=r"2 models \(net 1, net 2\)"):
        evaluate([_study([_graded("1.2.0", 0)]), other], _cohort(slices), QUICK)


def test_an_unknown_grade_is_refused(slices: list[CohortSlice]) -> None:
    wrong = replace(_graded("1.2.0", 0), findings=(Finding("LDH", None, 5, (0.0, 0.0, 0.0, 1.0)),))
    with pytest.raises(EvaluationError, match="predicted grade 5 is unknown"):
        evaluate([_study([wrong])], _cohort(slices), QUICK)


def test_no_predictions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"no grades\.json in it"):
        read_predictions(tmp_path)
    with pytest.raises(EvaluationError, match=r"no grades\.json in it"):
        read_predictions(tmp_path / "absent")


def test_damaged_predictions_are_refused(tmp_path: Path) -> None:
    (tmp_path / "grades.json").write_text("{")
    with pytest.raises(LumbargradeError, match=r"grades\.json"):
        read_predictions(tmp_path)


def test_no_reference_grade_at_all_is_refused(slices: list[CohortSlice]) -> None:
    none = dict.fromkeys(("LDH", "LCCS", "LNRC_left", "LNRC_right"))
    unknown = [replace(one, grades=none) for one in slices]
    with pytest.raises(EvaluationError, match="COHORT: no slice has a reference grade"):
        evaluate([_study([_graded("1.2.0", 0)])], _cohort(unknown), QUICK)


def test_nan_probabilities_are_refused(slices: list[CohortSlice]) -> None:
    wrong = Finding("LDH", None, 0, (float("nan"), 0.0, 0.0, 1.0))
    study = _study([replace(_graded("1.2.0", 0), findings=(wrong,))])
    with pytest.raises(EvaluationError, match=r"LDH of image 1\.2\.0: .* are not probabilities"):
        evaluate([study], _cohort(slices), QUICK)


def test_a_constant_prediction_is_a_defined_result(slices: list[CohortSlice]) -> None:
    graded = [_graded(one.sop_instance_uid, 0) for one in slices]
    found = evaluate([_study(graded)], _cohort(slices), QUICK)
    assert found.figures[0].figures["kappa"].value == pytest.approx(0, abs=1e-12)
    assert found.figures[0].figures["auc_marked"].value == 0.5
    assert math.isnan(found.figures[0].grades[3].precision.value)


class TestDoubt:
    """What the model's own probabilities and sets are worth."""

    def test_the_temperature_is_taken_off_where_it_is_known(
        self, slices: list[CohortSlice]
    ) -> None:
        temperatures = dict.fromkeys(("LDH", "LCCS", "LNRC_left", "LNRC_right"), 2.0)
        study = _study([_graded("1.2.0", 0), _doubtful("1.2.1")])
        found = match([study], _cohort(slices), None, temperatures)
        bare = [{code: r[1].untempered for code, r in found.records.items()}][0]
        expected = untempered(np.array(DOUBTFUL), 2.0)
        assert bare["LDH"] == pytest.approx(expected.tolist())
        assert bare["LNRC"] == pytest.approx(worse_side_probabilities(expected, expected))
        assert found.records["LDH"][2].untempered == ()  # was not graded
        assert match([study], _cohort(slices)).records["LDH"][1].untempered == ()

    def test_sets_come_with_the_grades(self, slices: list[CohortSlice]) -> None:
        found = match([_study([_doubtful("1.2.1")])], _cohort(slices))
        assert found.records["LDH"][1].grade_set == (0, 1)
        assert found.records["LDH"][0].grade_set == ()

    def test_the_model_in_the_package_is_known_by_its_hash(self) -> None:
        bundle = load_bundle()
        study = _study([_graded("1.2.0", 0)], bundle.identity)
        found = bundle_that_graded([study], None)
        assert found is not None
        assert found.manifest.temperatures == bundle.manifest.temperatures
        assert bundle_that_graded([_study([])], None) is None

    def test_another_bundle_is_refused(self) -> None:
        with pytest.raises(
            EvaluationError, match=r"is not the model that graded \(net 0{12}\): give"
        ):
            bundle_that_graded([_study([])], DEFAULT_MODEL)
        with pytest.raises(BundleError, match="does not exist"):
            bundle_that_graded([_study([])], Path("absent"))


class TestSplit:
    """No patient that the model learnt from is evaluated."""

    def test_graded_patients_that_were_learnt_from_are_named(
        self, slices: list[CohortSlice]
    ) -> None:
        study = _study([_graded(f"1.2.{i}", 0) for i in range(8)])
        learnt = {"1.2.2", "1.2.3", "1.2.6"}
        with pytest.raises(
            EvaluationError, match=r"2 of the graded patients were in .* \(P1, P3\): grade and"
        ):
            evaluate([study], _cohort(slices), QUICK, learnt)

    def test_many_are_counted(self, slices: list[CohortSlice]) -> None:
        many = [_reference(f"1.2.{i}", i, 0) for i in range(13)]
        study = _study([_graded(one.sop_instance_uid, 0) for one in many])
        learnt = {one.sop_instance_uid for one in many}
        with pytest.raises(EvaluationError, match=r"13 of the graded .* and 3 more"):
            evaluate([study], _cohort(many), QUICK, learnt)

    def test_those_that_were_not_graded_are_left_out_of_the_result(
        self, slices: list[CohortSlice]
    ) -> None:
        study = _study([_graded(f"1.2.{i}", i % 4) for i in range(8, 16)])
        found = evaluate([study], _cohort(slices), QUICK, {f"1.2.{i}" for i in range(8)})
        assert found.figures[0].coverage.not_graded == 0
        counted = {one.name: one.patients for one in found.material.flow.parts}
        assert counted == {"train and validation": 4, "internal test": 2, "external test": 2}
        assert not any("--split" in note for note in found.material.notes)

    def test_without_a_split_it_is_said(self, slices: list[CohortSlice]) -> None:
        found = evaluate([_study([_graded("1.2.0", 0)])], _cohort(slices), QUICK)
        assert any("No split was given" in note for note in found.material.notes)
        assert not found.material.locked

    def test_the_command_refuses_before_it_writes(
        self, slices: list[CohortSlice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lumbargrade.cli.evaluate.read_cohort", lambda folder: _cohort(slices))
        predictions = tmp_path / "predictions"
        predictions.mkdir()
        grades_json.write(_study([_graded("1.2.0", 0)]), predictions)
        split = tmp_path / "split.json"
        write_split(split, {"P0": "validation", "P7": "test"}, slices[:1])
        with pytest.raises(EvaluationError, match=r"training or validation set \(P0\)"):
            run(predictions, [tmp_path / "cohort"], tmp_path / "out", split)
        assert not (tmp_path / "out").exists()
        with pytest.raises(EvaluationError, match="--only-unseen needs --split,"):
            run(predictions, [tmp_path / "cohort"], tmp_path / "out", None, only_unseen=True)

    def test_learnt_slices_can_be_left_out(self, slices: list[CohortSlice]) -> None:
        seen, mixed = _study([_graded("1.2.0", 0)]), _study([_graded("1.2.1", 0)])
        mixed = replace(mixed, slices=(*mixed.slices, _graded("1.2.9", 1)))
        left = unseen([seen, mixed], {"1.2.0", "1.2.1"})
        assert [[one.sop_instance_uid for one in study.slices] for study in left] == [["1.2.9"]]
        found = evaluate(left, _cohort(slices), QUICK, {"1.2.0", "1.2.1"})
        assert found.figures[0].images == 1
        with pytest.raises(EvaluationError, match="all 1 graded studies were in the"):
            unseen([seen], {"1.2.0"})

    def test_the_report_says_what_was_left_out(
        self, slices: list[CohortSlice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cohort = replace(_cohort(slices), simulated=False)
        monkeypatch.setattr("lumbargrade.cli.evaluate.read_cohort", lambda folder: cohort)
        predictions = tmp_path / "predictions"
        predictions.mkdir()
        grades_json.write(_study([_graded(f"1.2.{i}", i % 4) for i in range(16)]), predictions)
        split = tmp_path / "split.json"
        parts = {one.patient_id: "test" for one in slices} | {slices[0].patient_id: "train"}
        learnt = [one for one in slices if one.patient_id == slices[0].patient_id]
        write_split(split, parts)
        run(predictions, [tmp_path / "cohort"], tmp_path / "out", split, only_unseen=True)
        written = json.loads((tmp_path / "out" / "evaluation.json").read_text())
        said = f"{len(learnt)} graded slices of training or validation patients are left out."
        assert said in written["notes"]
        assert (
            f"{UNTIED} Give the bundle that graded with --model to check this." in written["notes"]
        )

    def test_a_split_that_the_bundle_names_is_tied_and_another_is_not(
        self, slices: list[CohortSlice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        split = tmp_path / "split.json"
        write_split(split, {"P9": "train", "P7": "test"})
        bundle = load_bundle()
        named = replace(bundle.manifest, split_checksum=json.loads(split.read_text())["checksum"])
        monkeypatch.setattr("lumbargrade.cli.evaluate.read_cohort", lambda folder: _cohort(slices))
        predictions = tmp_path / "predictions"
        predictions.mkdir()
        graded = [_graded(f"1.2.{i}", i % 4) for i in range(8)]
        grades_json.write(_study(graded, bundle.identity), predictions)
        for manifest, tied in ((named, True), (bundle.manifest, False)):
            monkeypatch.setattr(
                "lumbargrade.cli.evaluate.load_bundle",
                lambda model, manifest=manifest: replace(bundle, manifest=manifest),
            )
            out = tmp_path / f"out-{tied}"
            run(predictions, [tmp_path / "cohort"], out, split)
            written = json.loads((out / "evaluation.json").read_text())
            assert (UNTIED not in " ".join(written["notes"])) == tied
            assert ("names this split as its own" in json.dumps(written["checklists"])) == tied

    def test_a_cohorts_own_split_that_was_not_given_is_said(
        self, slices: list[CohortSlice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cohort = replace(_cohort(slices), folder=tmp_path, simulated=False)
        monkeypatch.setattr("lumbargrade.cli.evaluate.read_cohort", lambda folder: cohort)
        write_split(tmp_path / "split.json", {one.patient_id: "train" for one in slices})
        grades_json.write(_study([_graded(f"1.2.{i}", i % 4) for i in range(8)]), tmp_path)
        run(tmp_path, [tmp_path], tmp_path / "out", None)
        written = json.loads((tmp_path / "out" / "evaluation.json").read_text())
        assert any(
            "split.json is used here for external patients only:" in note
            for note in written["notes"]
        )

    def test_a_patient_who_was_moved_is_named(
        self, slices: list[CohortSlice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """By hand in the file, or against the split that the cohort has locked."""
        folder = tmp_path / "cohort"
        folder.mkdir()
        cohort = replace(_cohort(slices), folder=folder, simulated=False)
        monkeypatch.setattr("lumbargrade.cli.evaluate.read_cohort", lambda folder: cohort)
        split = tmp_path / "split.json"
        write_split(split, {"P0": "train", "P7": "test"})
        write_split(folder / "split.json", {"P0": "test", "P7": "test"})
        with pytest.raises(CohortError, match=r"would be moved: P0 \(from test to train\)"):
            run(tmp_path, [folder], tmp_path / "out", split)
        data = json.loads(split.read_text())
        split.write_text(json.dumps(data | {"train": [], "test": ["P0", "P7"]}))
        with pytest.raises(CohortError, match="P0 was locked in train and is now in test"):
            run(tmp_path, [folder], tmp_path / "out", split)
        assert not (tmp_path / "out").exists()

    def test_a_cohort_that_is_locked_as_external_is_evaluated_as_such(
        self, slices: list[CohortSlice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inside = [replace(one, external=False) for one in slices]
        cohort = replace(_cohort(inside), folder=tmp_path)
        monkeypatch.setattr("lumbargrade.cli.evaluate.read_cohort", lambda folder: cohort)
        write_split(tmp_path / "split.json", {one.patient_id: "external" for one in slices})
        grades_json.write(_study([_graded(f"1.2.{i}", i % 4) for i in range(8)]), tmp_path)
        seen: list[Material] = []

        def stop(material: Material, *_: object) -> None:
            seen.append(material)
            raise EvaluationError("seen")

        monkeypatch.setattr("lumbargrade.cli.evaluate.evaluate_material", stop)
        with pytest.raises(EvaluationError, match="seen"):
            run(tmp_path, [tmp_path], tmp_path / "out", None)
        assert [part.name for part in seen[0].flow.parts] == ["external test"]


def test_from_files_to_the_report(
    slices: list[CohortSlice],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("lumbargrade.cli.evaluate.read_cohort", lambda folder: _cohort(slices))
    for part in (0, 1):
        folder = tmp_path / "predictions" / f"P{part}"
        folder.mkdir(parents=True)
        graded = [_graded(f"1.2.{i}", i % 4) for i in range(8 * part, 8 * part + 8)]
        grades_json.write(_study(graded), folder)
    run(tmp_path / "predictions", [tmp_path / "cohort"], tmp_path / "out", None)
    printed = capsys.readouterr().out
    assert "report.html" in printed
    assert "LNRC" in printed
    assert "…" not in printed  # the table fits on a screen of 80 columns
    data = json.loads((tmp_path / "out" / "evaluation.json").read_text())
    assert data["model"] == "net 1"
    assert data["systems"][0]["figures"]["accuracy"]["value"] == 1.0
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"evaluation.csv", "report.html", "report.pdf", "tables"} <= written


def test_without_matplotlib_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("lumbargrade.")]:
        if ".figures" in name or ".evaluation.report" in name:
            monkeypatch.delitem(sys.modules, name)
    for name in ["matplotlib", *(name for name in sys.modules if name.startswith("matplotlib."))]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match="lumbargrade evaluate needs the 'report' extra"):
        run(tmp_path, [tmp_path], tmp_path / "out", None)


def test_refusal_leaves_nothing_behind(
    slices: list[CohortSlice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumbargrade.cli.evaluate.read_cohort", lambda folder: _cohort(slices))
    predictions = tmp_path / "predictions"
    predictions.mkdir()
    grades_json.write(_study([_graded("8.8", 0)]), predictions)
    with pytest.raises(EvaluationError):
        run(predictions, [tmp_path / "cohort"], tmp_path / "out", None)
    assert [path.name for path in tmp_path.iterdir()] == ["predictions"]
