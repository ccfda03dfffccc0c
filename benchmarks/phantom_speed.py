"""How many studies a second one core simulates and writes."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from lumbargrade.phantom.dicom import write_study
from lumbargrade.phantom.simulate import StudyOptions, simulate_study

STUDIES = 6


def run(options: argparse.Namespace) -> None:
    """Print wall and processor time of simulating and of writing."""
    simulate_study(1, 0, StudyOptions())
    simulating = writing = cpu = 0.0
    slices = size = 0
    with tempfile.TemporaryDirectory() as folder:
        for index in range(STUDIES):
            start, processor = time.perf_counter(), time.process_time()
            study = simulate_study(1, index, StudyOptions())
            simulated = time.perf_counter()
            written = write_study(study, Path(folder) / study.patient_id, "bench")
            simulating += simulated - start
            writing += time.perf_counter() - simulated
            cpu += time.process_time() - processor
            slices += len(written.instances)
        size = sum(path.stat().st_size for path in Path(folder).rglob("*.dcm"))
    print(f"simulation   {simulating / STUDIES:6.2f} s a study ({slices / STUDIES:.0f} slices)")
    print(f"writing      {1e3 * writing / slices:6.2f} ms a file")
    print(f"size         {size / STUDIES / 1e6:6.1f} MB a study")
    print(
        f"together     {STUDIES / cpu:6.2f} studies a second a core (processor time; aim 0.5), "
        f"{STUDIES / (simulating + writing):.2f} by the clock"
    )
