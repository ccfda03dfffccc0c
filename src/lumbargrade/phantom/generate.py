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
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial
from pathlib import Path

from lumbargrade.cohort.read import COHORT_FILE
from lumbargrade.cohort.write import truth_path, write_description
from lumbargrade.errors import CohortError, OutputError
from lumbargrade.phantom.dicom import write_study
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.phantom.outlines import write_outlines
from lumbargrade.phantom.simulate import StudyOptions, simulate_study
from lumbargrade.phantom.simulated import SimulatedStudy
from lumbargrade.phantom.summary import CohortSummary, summarise
from lumbargrade.phantom.truth import write_truth

UNFINISHED = ".unfinished"

Progress = Callable[[int, int], None]
Simulate = Callable[[int, int, StudyOptions], SimulatedStudy]


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
    progress: Progress = lambda *_: None,
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
        patients = [patient_id_of(index) for index in range(options.patients)]
        missing = [i for i, one in enumerate(patients) if not truth_path(out, one).exists()]
        found = options.patients - len(missing)
        progress(found, options.patients)
        job = partial(make_patient, out, options, simulate=simulate)
        for done, _ in enumerate(_run(job, missing, options.workers), start=found + 1):
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
    return summarise(out, patients, made=len(missing))


def make_patient(
    out: Path, options: CohortOptions, index: int, simulate: Simulate = simulate_study
) -> None:
    """Simulate and write one patient: pictures first, the truth last.

    Raises CohortError if the simulation fails for this patient.
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
    write_outlines(written, patient_id, out)
    write_truth(study, written, out)


def _run(job: Callable[[int], None], indices: Sequence[int], workers: int | None) -> Iterator[int]:
    """Run the job for every index, yielding indices as they finish."""
    workers = min(workers or os.cpu_count() or 1, len(indices))
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
    path = out / COHORT_FILE
    patients = options.patients
    if path.exists():
        patients = max(patients, _check_same(path, options))
    elif out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CohortError(f"{out}: is not a cohort: choose an empty folder")
    write_description(out, options.settings | {"patients": patients})


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
