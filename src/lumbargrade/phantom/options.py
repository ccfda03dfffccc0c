"""What a cohort of simulated patients is made of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from lumbargrade import __version__
from lumbargrade.cohort.read import COHORT_SCHEMA
from lumbargrade.errors import CohortError
from lumbargrade.phantom.imaging.scanner import find_scanner
from lumbargrade.phantom.simulate import StudyOptions

CONTRASTS = ("t2", "t1")


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
    random_contrast : draw the signals of the axial slices at random, around ``contrast`` and
        between it and the other one; for training material. The truth does not depend on it.
    sacralised : give every patient a transitional vertebra: L5 is a part of the sacrum.

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
    random_contrast: bool = False
    sacralised: bool = False

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
            "random_contrast": self.random_contrast,
            # Only where it is so: cohorts from before this keep their UIDs.
            **({"sacralised": True} if self.sacralised else {}),
            "software_version": __version__,
            "simulated": True,
        }

    @property
    def key(self) -> str:
        """What UIDs are derived from: cohorts that differ never share a UID."""
        return json.dumps(self.settings, sort_keys=True)

    def study_options(self, index: int) -> StudyOptions:
        """Return the options of patient ``index`` (0 is the first)."""
        scanner = self.scanners[index % len(self.scanners)] if self.scanners else None
        return StudyOptions(
            scanner=scanner,
            contrast=self.contrast,
            severe=self.severe,
            random_contrast=self.random_contrast,
            sacralised=self.sacralised,
        )
