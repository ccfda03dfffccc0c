"""Fixtures that every room may use."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from tests.made_once import made_once, shared_base

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Two workers share two cores: threads of one that wait for those of the other cost minutes.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The machine that runs the tests may be busy: only results are tested, not times.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

CHROMIUM = "/usr/bin/chromium"
REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep compiled models out of the user's cache; the parallel workers share one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(shared_base(tmp_path_factory) / "cache"))
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A Chromium without a window: one in a process, where Playwright takes no second."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = CHROMIUM if shutil.which(CHROMIUM) else shutil.which("chromium")
    if path is None:
        pytest.skip("no Chromium: install the package chromium")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the source tree."""
    return REPOSITORY


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real MRI, which is not part of the project."""
    folder = Path(os.environ.get("LUMBARGRADE_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "axial_t2").is_dir():
        pytest.skip(f"no real MRI in {folder}: set LUMBARGRADE_REAL_DATA to its folder")
    return folder


@pytest.fixture(scope="session")
def simulated_cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cohort of one simulated patient; made once, so do not write into it."""
    from lumbargrade.phantom.generate import generate_cohort
    from lumbargrade.phantom.options import CohortOptions

    options = CohortOptions(patients=1, seed=7, workers=1)
    return made_once(
        tmp_path_factory, "simulated-cohort", lambda out: generate_cohort(out, options)
    )


@pytest.fixture(scope="session")
def simulated_study(simulated_cohort: Path) -> Path:
    """The DICOM folder of that patient."""
    (study,) = (simulated_cohort / "studies").iterdir()
    return study


@pytest.fixture(scope="session")
def short_study(simulated_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with few axial slices, for what has to be graded but not to be whole."""
    folder = tmp_path_factory.mktemp("short") / "study"
    shutil.copytree(simulated_study, folder)
    for path in sorted((folder / "axial_t2").iterdir())[4:]:
        path.unlink()
    return folder
