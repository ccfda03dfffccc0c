"""Made-up patients whose images resemble each other, graded by a model that often errs."""

from __future__ import annotations

import numpy as np

from lumbargrade.statistics.calibration import softmax


def drawn_patients(
    count: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return probabilities (n, 4), true grades (n,) and patients (n,), 3 to 9 images each."""
    patients = np.repeat(np.arange(count), rng.integers(3, 10, count))
    return *grades_of(patients, rng), patients


def grades_of(patients: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities (n, 4) and true grades (n,) of images of these patients (n,).

    A patient's images lie around a severity of his or her own, and share a shift of the
    model's view of it.
    """
    count, images = patients.max() + 1, len(patients)
    severity = rng.normal(0.8, 1.0, count)[patients] + rng.normal(0, 0.6, images)
    seen = severity + rng.normal(0, 0.6, count)[patients] + rng.normal(0, 0.6, images)
    centres = np.array([0.0, 1.0, 1.9, 2.8])
    return softmax(-((seen[:, None] - centres) ** 2)), np.digitize(severity, (0.5, 1.5, 2.3))
