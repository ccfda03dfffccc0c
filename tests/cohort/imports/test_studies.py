"""Folders of studies and cohorts, as what rows are brought to."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom import dcmread
from tests.archive.archive import set_instance, write_study

from lumbargrade.cohort.imports.studies import (
    ReadStudy,
    StudySource,
    list_sources,
    read_material,
)
from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import CohortError


def test_each_folder_is_a_study_and_tables_beside_them_are_none(tmp_path: Path) -> None:
    for name in ("b", "a", ".hidden"):
        (tmp_path / name).mkdir()
    (tmp_path / "grades.CSV").touch()
    found = list_sources(tmp_path)
    assert found.studies == (StudySource("a", tmp_path / "a"), StudySource("b", tmp_path / "b"))
    assert found.known == {}


def test_a_folder_with_pictures_is_one_study(tmp_path: Path) -> None:
    folder = tmp_path / "case1"
    (folder / "series").mkdir(parents=True)
    (folder / "0001.dcm").touch()
    assert list_sources(folder).studies == (StudySource("case1", folder),)


def test_a_cohort_says_what_it_knows(simulated_cohort: Path) -> None:
    found = list_sources(simulated_cohort)
    (patient,) = {one.patient_id for one in read_cohort(simulated_cohort).slices}
    assert [(one.patient, one.folder.parent.name) for one in found.studies] == [
        (patient, "studies")
    ]
    assert found.simulated
    assert len(found.known) == 15


def test_what_is_no_folder_of_studies_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        CohortError, match=r"none: no such folder: give a cohort, or a folder of st"
    ):
        list_sources(tmp_path / "none")
    with pytest.raises(CohortError, match=r"is empty: give a folder with one subfolder per study"):
        list_sources(tmp_path)


def test_a_study_knows_its_names_and_its_slices(read_case: ReadStudy) -> None:
    material = read_case.material
    assert material.patients == {"case1", "ID1"}
    assert material.study_instance_uid == "1.2.1"
    assert [one.number for one in material.candidates] == [1, 2, 3, 4, 5, 6]
    first = material.candidates[0]
    assert (first.file, first.contrast) == ("case1/axial_t2/0001.dcm", "t2")
    assert first.path.is_file()
    assert str(read_case.reference.PatientID) == "ID1"


def test_a_patient_of_a_cohort_is_no_longer_called_as_the_folder(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "case1", "ID1", "1")
    read = read_material(StudySource("case1", folder, patient="P7"))
    assert read.material.patients == {"P7", "case1", "ID1"}


def test_a_folder_that_holds_no_study_is_named(tmp_path: Path, nifti: Path) -> None:
    (tmp_path / "void").mkdir()
    with pytest.raises(CohortError, match=r"void: .*the folder is empty"):
        read_material(StudySource("void", tmp_path / "void"))
    with pytest.raises(CohortError, match=r"is not DICOM: give the study as DICOM files"):
        read_material(StudySource("nifti", nifti))


def test_a_study_whose_uids_repeat_in_every_series_is_refused(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "released", "ID1", "1", ("t1", "t2"))
    read_material(StudySource("released", folder))
    for path in folder.glob("axial_*/0001.dcm"):
        dataset = dcmread(path)
        set_instance(dataset, "4003253.1.1", 1)
        dataset.save_as(path)
    with pytest.raises(CohortError, match=r"share the SOP Instance UID 4003253\.1\.1, so th"):
        read_material(StudySource("released", folder))


@pytest.fixture
def nifti(tmp_path: Path) -> Path:
    """A folder with one NIfTI volume."""
    import nibabel
    import numpy as np

    folder = tmp_path / "nifti"
    folder.mkdir()
    values = np.random.default_rng(1).integers(0, 900, (32, 32, 4)).astype(np.int16)
    image = nibabel.Nifti1Image(values, np.diag([-0.8, -0.8, 4.0, 1.0]))
    image.to_filename(folder / "axial_t2.nii.gz")
    return folder
