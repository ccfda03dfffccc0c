"""Make a cohort of simulated patients on disk: resumable, parallel, one seed, one result.

Each patient depends on (seed, index) alone, so the number of workers and the order in
which patients finish change nothing. A patient is finished when its truth file is
there; it is written last, after the study folder has been moved into place whole.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial
from pathlib import Path

from lumbargrade.cohort.discs import FOLDER as DISCS
from lumbargrade.cohort.read import COHORT_FILE
from lumbargrade.cohort.write import truth_path, write_description
from lumbargrade.errors import CohortError, OutputError
from lumbargrade.files.ledger import PRIVATE
from lumbargrade.files.lock import locked
from lumbargrade.files.workers import worker_pool
from lumbargrade.files.write import UNFINISHED as DRAFT
from lumbargrade.files.write import remove_drafts
from lumbargrade.phantom.dicom import write_study
from lumbargrade.phantom.discs import write_discs
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.phantom.outlines import FOLDER as OUTLINES
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
    patients = [patient_id_of(index) for index in range(options.patients)]
    try:
        meant = _check_free(out, options)
        out.mkdir(parents=True, exist_ok=True)
        with locked(out / PRIVATE, out):
            _sweep(out)
            write_description(out, options.settings | {"patients": meant})
            made = _make_missing(out, patients, options, progress, simulate)
            _sweep(out)
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
    return summarise(out, patients, made=made)


def _make_missing(
    out: Path,
    patients: Sequence[str],
    options: CohortOptions,
    progress: Progress,
    simulate: Simulate,
) -> int:
    """Make the patients that are not there; return how many."""
    missing = [i for i, one in enumerate(patients) if not truth_path(out, one).exists()]
    found = len(patients) - len(missing)
    progress(found, len(patients))
    job = partial(make_patient, out, options, simulate=simulate)
    for done, _ in enumerate(_run(job, missing, options.workers), start=found + 1):
        progress(done, len(patients))
    return len(missing)


def _sweep(out: Path) -> None:
    """Remove what a killed run did not finish."""
    shutil.rmtree(out / UNFINISHED, ignore_errors=True)
    for folder in (out, truth_path(out, "").parent, out / OUTLINES, out / DISCS):
        remove_drafts(folder)


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
    write_discs(study, written, out)
    write_truth(study, written, out)


def _run(job: Callable[[int], None], indices: Sequence[int], workers: int | None) -> Iterator[int]:
    """Run the job for every index, yielding indices as they finish."""
    workers = min(workers or os.cpu_count() or 1, len(indices))
    if workers <= 1:
        for index in indices:
            job(index)
            yield index
        return
    with worker_pool(workers) as pool:
        futures: dict[Future[None], int] = {pool.submit(job, index): index for index in indices}
        try:
            for future in as_completed(futures):
                future.result()
                yield futures[future]
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _check_free(out: Path, options: CohortOptions) -> int:
    """Check that ``out`` is free or holds this very cohort; return how many it is meant to hold."""
    path = out / COHORT_FILE
    if path.exists():
        return max(options.patients, _check_same(path, options))
    if out.exists() and (not out.is_dir() or not all(map(_is_ours, out.iterdir()))):
        raise CohortError(f"{out}: is not a cohort: choose an empty folder")
    return options.patients


def _is_ours(entry: Path) -> bool:
    """Whether an entry was left by a run that was killed before it said what it makes."""
    return entry.name == PRIVATE or entry.name.endswith(DRAFT)


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
