"""Make a cohort of simulated patients on disk: resumable, parallel, one seed, one result.

Each patient depends on (seed, index) alone, so the number of workers and the order in
which patients finish change nothing. A patient is finished when its truth file is
there; it is written last, after the study folder has been moved into place whole.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lumbargrade.errors import CohortError, OutputError
from lumbargrade.grading.summary import worst
from lumbargrade.phantom.dicom import software_version, write_study
from lumbargrade.phantom.imaging.scanner import find_scanner
from lumbargrade.phantom.simulate import StudyOptions, simulate_study
from lumbargrade.phantom.simulated import SimulatedStudy
from lumbargrade.phantom.truth import truth_of, write_json

COHORT_SCHEMA = "lumbargrade.cohort/1"
CONTRASTS = ("t2", "t1")
UNFINISHED = ".unfinished"

Progress = Callable[[int, int], None]
Simulate = Callable[[int, int, StudyOptions], SimulatedStudy]


@dataclass(frozen=True)
class CohortOptions:
    """What a cohort is made of.

    Attributes
    ----------
    patients : how many; at least 1.
    seed : of the whole cohort; patient i depends on (seed, i) alone.
    scanners : preset names, taken in turn; empty = drawn from the training presets.
    contrast : of the axial series that is graded, ``"t2"`` or ``"t1"``.
    severe : draw more of the rare, severe grades than a clinic would see.
    workers : processes; None = one a core. It changes the speed and nothing else.

    Raises
    ------
    CohortError
        If a number, the contrast or a preset's name is impossible.
    """

    patients: int
    seed: int
    scanners: tuple[str, ...] = ()
    contrast: str = "t2"
    severe: bool = False
    workers: int | None = None

    def __post_init__(self) -> None:
        if self.patients < 1:
            raise CohortError(f"--patients {self.patients}: a cohort needs at least one patient")
        if self.seed < 0:
            raise CohortError(f"--seed {self.seed}: give a number that is not negative")
        if self.contrast not in CONTRASTS:
            raise CohortError(
                f"--contrast {self.contrast}: unknown, give one of {', '.join(CONTRASTS)}"
            )
        for name in self.scanners:
            find_scanner(name)
        if self.workers is not None and self.workers < 1:
            raise CohortError(f"--workers {self.workers}: give at least 1")

    @property
    def settings(self) -> dict[str, Any]:
        """What must agree when a cohort is resumed (all but patients and workers)."""
        return {
            "schema": COHORT_SCHEMA,
            "seed": self.seed,
            "contrast": self.contrast,
            "scanners": list(self.scanners),
            "severe": self.severe,
            "software_version": software_version(),
            "simulated": True,
        }

    @property
    def key(self) -> str:
        """What UIDs are derived from: cohorts that differ never share a UID."""
        return json.dumps(self.settings, sort_keys=True)

    def study_options(self, index: int) -> StudyOptions:
        """Return the options of patient ``index`` (0 is the first)."""
        scanner = self.scanners[index % len(self.scanners)] if self.scanners else None
        return StudyOptions(scanner=scanner, contrast=self.contrast, severe=self.severe)


@dataclass(frozen=True)
class CohortSummary:
    """What lies in the cohort when all is done.

    Attributes
    ----------
    folder : the cohort.
    made, found : patients simulated now, and those that were there already.
    slices : Counter of (system, image grade) over axial slices; grade None = missing.
        The image grade of a system with sides is the worse side.
    patients : Counter of (system, grade) over patients with at least one such slice.
    """

    folder: Path
    made: int
    found: int
    slices: Counter[tuple[str, int | None]] = field(default_factory=Counter)
    patients: Counter[tuple[str, int | None]] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Job:
    """One patient for one worker; small enough to pickle."""

    folder: Path
    options: CohortOptions
    simulate: Simulate

    def __call__(self, index: int) -> None:
        make_patient(self.folder, self.options, index, self.simulate)


def patient_id_of(index: int) -> str:
    """Return the identifier of patient ``index``.

    Examples
    --------
    >>> patient_id_of(0)
    'P00001'
    """
    return f"P{index + 1:05d}"


def generate_cohort(
    out: Path,
    options: CohortOptions,
    progress: Progress | None = None,
    simulate: Simulate = simulate_study,
) -> CohortSummary:
    """Make, or go on making, the cohort in folder ``out``.

    Parameters
    ----------
    out : made if absent; a cohort of the same settings is resumed or made larger.
    options : what to make.
    progress : called with (patients done, patients in all).
    simulate : the simulation; picklable where more than one worker is used.

    Raises
    ------
    CohortError
        If ``out`` holds something else, or a patient cannot be simulated.
    OutputError
        If ``out`` cannot be written.
    """
    try:
        _open_cohort(out, options)
        shutil.rmtree(out / UNFINISHED, ignore_errors=True)
        missing = [i for i in range(options.patients) if not _truth_path(out, i).exists()]
        found = options.patients - len(missing)
        if progress is not None:
            progress(found, options.patients)
        for done, _ in enumerate(_run(_Job(out, options, simulate), missing), start=found + 1):
            if progress is not None:
                progress(done, options.patients)
        shutil.rmtree(out / UNFINISHED, ignore_errors=True)
    except BrokenProcessPool as error:
        raise CohortError(
            f"{out}: a worker was killed, most likely out of memory: "
            "use fewer --workers; finished patients are kept"
        ) from error
    except OSError as error:
        raise OutputError(
            f"{out}: the cohort cannot be written ({error.strerror or error}): "
            "choose a writable folder with free space"
        ) from error
    return _summarise(out, options.patients, made=len(missing))


def make_patient(
    out: Path, options: CohortOptions, index: int, simulate: Simulate = simulate_study
) -> None:
    """Simulate and write one patient: pictures first, the truth last.

    Raises
    ------
    CohortError
        If the simulation fails for this patient.
    """
    patient_id = patient_id_of(index)
    try:
        study = simulate(options.seed, index, options.study_options(index))
        study = replace(study, patient_id=patient_id)
        unfinished, final = out / UNFINISHED / patient_id, out / "studies" / patient_id
        written = write_study(study, unfinished, options.key)
    except (ValueError, ArithmeticError) as error:
        raise CohortError(f"{out}: patient {patient_id} cannot be simulated: {error}") from error
    final.parent.mkdir(parents=True, exist_ok=True)
    if final.exists():  # moved into place by a run that stopped before the truth was written
        shutil.rmtree(final)
    unfinished.replace(final)
    write_json(truth_of(study, written), _truth_path(out, index))


def _truth_path(out: Path, index: int) -> Path:
    return out / "truth" / f"{patient_id_of(index)}.json"


def _run(job: _Job, indices: Sequence[int]) -> Iterator[int]:
    """Run the job for every index, yielding indices as they finish."""
    workers = min(job.options.workers or os.cpu_count() or 1, len(indices))
    if workers <= 1:
        for index in indices:
            job(index)
            yield index
        return
    # "spawn": the caller may draw its progress from a thread, and a fork would copy its locks.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        futures: dict[Future[None], int] = {pool.submit(job, index): index for index in indices}
        try:
            for future in as_completed(futures):
                future.result()
                yield futures[future]
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _open_cohort(out: Path, options: CohortOptions) -> None:
    """Check that ``out`` is free or holds this very cohort, and note what it is."""
    path = out / "cohort.json"
    patients = options.patients
    if path.exists():
        patients = max(patients, _check_same(path, options))
    elif out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CohortError(f"{out}: is not a cohort: choose an empty folder")
    write_json(options.settings | {"patients": patients}, path)


def _check_same(path: Path, options: CohortOptions) -> int:
    """Return how many patients the cohort there is meant to hold."""
    try:
        there = json.loads(path.read_text(encoding="utf-8"))
        patients = int(there["patients"])
    except (ValueError, KeyError, TypeError) as error:
        raise CohortError(f"{path}: not a cohort description: give another folder") from error
    for name, value in options.settings.items():
        if there.get(name) != value:
            raise CohortError(
                f"{path}: this cohort was made with {name} {there.get(name)!r}, not {value!r}: "
                "repeat the settings to continue, or choose another folder"
            )
    return patients


def _image_grades(grades: Mapping[str, int | None]) -> dict[str, int | None]:
    """Return one grade per system from one per output: the worse side that is known."""
    image: dict[str, int | None] = {}
    for output, grade in grades.items():
        system = output.split("_")[0]
        image[system] = worst((image.get(system), grade))
    return image


def _summarise(out: Path, patients: int, made: int) -> CohortSummary:
    summary = CohortSummary(out, made=made, found=patients - made)
    for index in range(patients):
        path = _truth_path(out, index)
        try:
            slices = json.loads(path.read_text(encoding="utf-8"))["slices"]
            seen = [found for item in slices for found in _image_grades(item["grades"]).items()]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CohortError(
                f"{path}: not a truth file ({error}): delete it to simulate the patient again"
            ) from error
        summary.slices.update(seen)
        summary.patients.update(set(seen))
    return summary
