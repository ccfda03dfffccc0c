"""Made-up patients whose images resemble each other, graded by a model that often errs."""

from __future__ import annotations

import numpy as np

from lumbargrade.evaluation.calibration import softmax


def drawn_patients(
    count: int, rng: np.random.Generator, noise: float = 0.9
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return probabilities (n, 4), true grades (n,) and patients (n,).

    A patient has 3 to 9 images around a severity of his or her own, and a shift of the
    model's view of it that all of his or her images share.
    """
    images = rng.integers(3, 10, count)
    patients = np.repeat(np.arange(count), images)
    severity = rng.normal(0.8, 1.0, count)[patients] + rng.normal(0, 0.6, len(patients))
    labels = np.digitize(severity, (0.5, 1.5, 2.3))
    seen = severity + rng.normal(0, noise, count)[patients] * 0.7
    seen += rng.normal(0, noise, len(patients)) * 0.7
    centres = np.array([0.0, 1.0, 1.9, 2.8])
    return softmax(-((seen[:, None] - centres) ** 2)), labels, patients
