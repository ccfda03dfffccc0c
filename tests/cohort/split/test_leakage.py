"""What a model has learnt from is known again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.cohort.split.file import UNSEALED_SCHEMA, read_split, write_split
from lumbargrade.cohort.split.leakage import (
    TrainingPatients,
    as_marked,
    read_training_patients,
    split_for,
    trainable,
)
from lumbargrade.errors import CohortError

CODES = {"P1": "0" * 64, "P2": "f" * 64, "P3": "0f" * 32}


def slice_of(patient: str, series: str, number: int = 1, code: str | None = None) -> CohortSlice:
    return CohortSlice(
        patient_id=patient,
        file=Path("a.dcm"),
        series_instance_uid=series,
        sop_instance_uid=f"{series}.{number}",
        contrast="t2",
        level=None,
        disc_in_plane=True,
        center_px=(0.0, 0.0),
        grades={},
        scanner="s",
        external=False,
        age_years=None,
        sex="",
        picture_code=code,
    )


def cohort_of(*slices: CohortSlice, simulated: bool) -> Cohort:
    return Cohort(Path("COHORT"), simulated, slices, "f")


@pytest.fixture
def trained(tmp_path: Path) -> TrainingPatients:
    path = tmp_path / "split.json"
    parts = {"P1": "train", "P2": "validation", "P3": "test"}
    write_split(path, parts, [slice_of(name, f"1.{name[1]}", 1, CODES[name]) for name in parts])
    assert read_split(path) == parts
    return read_training_patients(path)


class TestLock:
    """What a model learnt from is known again."""

    def test_train_and_validation_are_learnt_and_test_is_not(
        self, trained: TrainingPatients
    ) -> None:
        assert len(trained.checksum) == 64
        assert replace(trained, checksum="") == TrainingPatients(
            frozenset({"P1", "P2"}), frozenset({"1.1", "1.2"}), (CODES["P1"], CODES["P2"])
        )
        slices = [slice_of(f"P{number}", f"1.{number}") for number in (1, 2, 3)]
        for simulated in (True, False):
            assert trained.images_in(cohort_of(*slices, simulated=simulated)) == {"1.1.1", "1.2.1"}

    def test_a_renamed_patient_is_known_by_the_series(self, trained: TrainingPatients) -> None:
        assert trained.images_in(cohort_of(slice_of("Q9", "1.1"), simulated=False)) == {"1.1.1"}

    def test_a_second_study_of_a_patient_is_known_by_the_name(
        self, trained: TrainingPatients
    ) -> None:
        assert trained.images_in(cohort_of(slice_of("P1", "9.9"), simulated=False)) == {"9.9.1"}

    def test_the_same_name_in_another_simulation_is_another_patient(
        self, trained: TrainingPatients
    ) -> None:
        assert trained.images_in(cohort_of(slice_of("P1", "9.9"), simulated=True)) == frozenset()

    def test_a_split_without_series_goes_by_the_name(self, tmp_path: Path) -> None:
        path = tmp_path / "split.json"
        write_split(path, {"P1": "train", "P3": "test"})
        old = read_training_patients(path)
        assert old.series is None
        one, three = slice_of("P1", "9.1"), slice_of("P3", "9.3")
        assert old.images_in(cohort_of(one, three, simulated=True)) == {"9.1.1"}

    def test_a_copy_under_other_names_is_known_by_the_picture(
        self, trained: TrainingPatients
    ) -> None:
        """One slice is enough: the other slices of the patient are learnt too."""
        copy = slice_of("Q9", "9.9", 1, "0" * 63 + "7")
        other = slice_of("Q9", "9.8", 2)
        stranger = slice_of("Q8", "9.7", 3, CODES["P3"])
        for simulated in (True, False):
            found = trained.images_in(cohort_of(copy, other, stranger, simulated=simulated))
            assert found == {"9.9.1", "9.8.2"}

    @pytest.mark.parametrize(
        "learnt",
        [
            [],
            {"series": "1.1", "picture_codes": []},
            {"series": ["1.1"]},
            {"series": ["1.1"], "picture_codes": ["xyz"]},
        ],
    )
    def test_what_is_no_list_is_refused(self, tmp_path: Path, learnt: object) -> None:
        path = tmp_path / "split.json"
        parts = {"train": ["P1"], "validation": [], "test": []}
        path.write_text(json.dumps({"schema": UNSEALED_SCHEMA, **parts, "learnt": learnt}))
        with pytest.raises(
            CohortError, match="'learnt' does not hold lists of series and image hashes:"
        ):
            read_training_patients(path)


class TestWhichLock:
    """A split in the cohort folder holds without being named."""

    def test_no_split_is_no_lock(self, tmp_path: Path) -> None:
        assert split_for(tmp_path, None) is None
        cohort = cohort_of(slice_of("P1", "1.1"), simulated=False)
        assert trainable(cohort, None) is cohort
        assert as_marked(cohort) is cohort

    def test_the_split_of_the_folder_holds(self, tmp_path: Path) -> None:
        own, other = tmp_path / "split.json", tmp_path / "other.json"
        write_split(own, {"P1": "train", "P2": "test"})
        write_split(other, {"P1": "train", "P3": "test"})
        assert split_for(tmp_path, None) == own
        assert split_for(tmp_path, other) == other
        write_split(other, {"P1": "train", "P2": "train"})
        with pytest.raises(CohortError, match=r"moved: P2 \(from test to train\)"):
            split_for(tmp_path, other)

    def test_external_patients_are_marked(self, tmp_path: Path) -> None:
        own = tmp_path / "split.json"
        write_split(own, {"P1": "train", "P2": "external"})
        slices = (slice_of("P1", "1.1"), slice_of("P2", "1.2"), slice_of("P3", "1.3"))
        cohort = Cohort(tmp_path, False, slices, "f")
        for marked in (trainable(cohort, own), as_marked(cohort)):
            assert [one.external for one in marked.slices] == [False, True, False]

    def test_a_whole_external_set_is_never_trained_on(self, tmp_path: Path) -> None:
        own = tmp_path / "split.json"
        write_split(own, {"P1": "external"})
        cohort = Cohort(tmp_path, False, (slice_of("P1", "1.1"),), "f")
        with pytest.raises(
            CohortError, match=r"is an external test set \(.*split\.json\), which must"
        ):
            trainable(cohort, own)
