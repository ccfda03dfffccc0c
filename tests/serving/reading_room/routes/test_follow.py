"""What the coordinator follows and takes away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.serving.reading_room.made_up_room import MadeUpRoom
from tests.serving.reading_room.made_up_study import Study, study_under_way

from lumbargrade.annotation.roles import Role
from lumbargrade.serving.reading_room.settings import Wished


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """A reading under way."""
    made = study_under_way(tmp_path_factory.mktemp("study"), Wished(seed=3, systems=("LDH",)))
    yield made
    made.room.close()


def test_progress_agreement_and_exports_are_on_one_page(study: Study) -> None:
    text = study.people["Cora"].browser.get("/progress").text
    assert "Ann Zreader" in text
    assert "3 of 3" in text
    assert "Gwet AC1" in text
    assert "kappa, quadratic" in text
    for table in ("readings", "adjudications", "boxes", "disagreements", "reference", "times"):
        assert f'href="/export/{table}.csv"' in text


def test_the_same_as_data(study: Study) -> None:
    found = study.people["Cora"].browser.get("/api/progress").json()
    people = {one["name"]: (one["done"], one["total"]) for one in found["people"]}
    assert people["Ann Zreader"] == people["Bob Zother"] == (3, 3)
    (row,) = found["agreement"]
    assert (row["system"], row["images"], row["patients"]) == ("LDH", 5, 3)
    assert set(row["values"]) == {"Gwet AC1", "Gwet AC2, quadratic", "kappa, quadratic"}


def test_with_an_assisted_arm_it_says_that_only_plain_readings_count(tmp_path: Path) -> None:
    """Each study has one plain and one assisted reading: nothing is left to compare."""
    study = study_under_way(tmp_path)
    text = study.people["Cora"].browser.get("/progress").text
    assert "graded by two readers without the model" in text
    study.room.close()


def test_an_empty_room_says_so(room: MadeUpRoom, tmp_path: Path) -> None:
    cora = room.add("Cora", Role.COORDINATOR)
    text = cora.browser.get("/progress").text
    assert "Nobody reads yet" in text
    assert "no image was graded by two readers" in text
    for table in ("readings", "adjudications", "boxes", "disagreements", "reference", "times"):
        assert cora.browser.get(f"/export/{table}.csv").status_code == 200
    assert cora.browser.get("/export/audit.csv").status_code == 422
