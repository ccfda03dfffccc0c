"""Two readers and an adjudicator finish a small cohort in the real room; nobody is locked out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.serving.reading_room.browser.real_room import RealRoom
from tests.serving.reading_room.browser.watched import Watched
from tests.serving.reading_room.fake_room import circle
from tests.serving.reading_room.made_up_room import PASSWORD

from lumbargrade.cohort.read import read_cohort
from lumbargrade.grading.level import Level
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.serving.reading_room.cohort_pictures import CohortPictures
from lumbargrade.serving.reading_room.routes import guide
from lumbargrade.serving.reading_room.settings import Wished
from lumbargrade.serving.reading_room.store.models import Work

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AXE = Path(os.environ.get("LUMBARGRADE_AXE", "/tmp/axe/node_modules/axe-core/axe.min.js"))
"""axe-core is no part of the project: npm install axe-core in a folder of its own."""


@pytest.fixture(scope="module")
def real_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealRoom]:
    """One room for all of these tests, in their order."""
    with pytest.MonkeyPatch.context() as patch:
        # Each drawing takes half a second the first time.
        patch.setattr(guide, "schematic_svg", lambda code, grade, _: circle(code, grade))
        room = RealRoom(tmp_path_factory.mktemp("room"))
        yield room
        room.close()


class Visit:
    """Somebody who has signed in by the form."""

    def __init__(self, browser: Browser, room: RealRoom, name: str) -> None:
        self.tab = Watched(browser, room.url)
        self.tab.open("/")
        self.tab.page.fill("[name=name]", name)
        self.tab.page.fill("[name=password]", PASSWORD)
        self.tab.press("Enter")
        self.tab.page.wait_for_url(lambda url: "sign-in" not in url)

    def begin(self) -> None:
        """Open the next study of the list."""
        self.tab.page.click("a.main")
        self.tab.settled()

    def __enter__(self) -> Watched:
        return self.tab

    def __exit__(self, *_: Any) -> None:
        self.tab.close()
        self.tab.check()


def _read(browser: Browser, room: RealRoom, name: str, grades: dict[str, str]) -> None:
    """Grade the three outputs of three slices of both studies; ``grades`` are by patient."""
    visit = Visit(browser, room, name)
    with visit as tab:
        for _ in range(2):
            visit.begin()
            work = int(tab.page.evaluate("document.body.dataset.work"))
            with room.room.database.reading() as session:
                patient = session.get_one(Work, work).patient
            tab.press(*grades[patient], "Enter")
            tab.page.wait_for_url("**/work")
        assert "Your list is done" in tab.text("main")


def test_two_readers_and_an_adjudicator_finish_a_cohort(
    chromium: Browser, real_room: RealRoom
) -> None:
    _read(chromium, real_room, "Ann", {"p1": "000111222", "p2": "000000000"})
    _read(chromium, real_room, "Bob", {"p1": "000113221", "p2": "100000000"})
    visit = Visit(chromium, real_room, "Jud")
    with visit as tab:
        for _ in range(2):
            visit.begin()
            codes = tab.page.locator(".output .code").all_inner_texts()
            assert codes in (["LDH"], ["LNRC right"])
            assert "A:" in tab.text(".output .others")
            tab.press(*("23" if codes == ["LNRC right"] else "1"), "Enter")
            tab.page.wait_for_url("**/work")
    with Visit(chromium, real_room, "Cora") as tab:
        assert tab.page.url.endswith("/progress")
        assert "2 of 2" in tab.text("main")
        reference = tab.page.evaluate(
            "fetch('/export/reference.csv').then((answer) => answer.text())"
        )
        lines = [line.split(",") for line in reference.splitlines()]
        rows = [dict(zip(lines[0], line, strict=False)) for line in lines[1:]]
        judged = {
            (one["patient"], one["sop_instance_uid"][-1], one["system"], one["side"]): one["grade"]
            for one in rows
            if one["origin"] == "adjudicator"
        }
        assert judged == {
            ("p1", "2", "LNRC", "right"): "2",
            ("p1", "3", "LNRC", "right"): "3",
            ("p2", "1", "LDH", ""): "1",
        }


def test_an_expert_draws_all_boxes(chromium: Browser, real_room: RealRoom) -> None:
    visit = Visit(chromium, real_room, "Eve")
    with visit as tab:
        for _ in range(2):
            visit.begin()
            tab.press("Enter", "Enter", "Enter", "Enter")
            tab.page.wait_for_url("**/work")
        assert "Your list is done" in tab.text("main")


def test_the_simulated_patient_is_shown(
    chromium: Browser, simulated_cohort: Path, tmp_path: Path
) -> None:
    """From DICOM files to the canvas, with the packaged networks."""
    cohort = read_cohort(simulated_cohort)
    engine = Engine(load_bundle())
    room = RealRoom(
        tmp_path,
        cohort,
        lambda units: CohortPictures(cohort, engine, units),
        Wished(systems=("LCCS",)),
    )
    visit = Visit(chromium, room, "Ann")
    with visit as tab:
        visit.begin()
        assert tab.page.locator(".strip button").count() == len(cohort.slices)
        assert tab.page.locator(".cut").count() == len(cohort.slices)
        assert tab.page.locator(".tag").all_inner_texts() == list(Level)
        assert tab.text("[data-level-told]") == "L1/L2"
        tab.allowed = "willReadFrequently"
        greys = """() => {
          const canvas = document.querySelector(".slices canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return new Set(data.filter((_, at) => at % 4 === 0)).size;
        }"""
        assert tab.page.evaluate(greys) > 100
        tab.press("2")
        tab.saved()
    room.close()


def _faults(tab: Watched, scheme: str) -> list[str]:
    """The serious and critical faults that axe finds on the page, with where they are.

    In the dark only colours can differ.
    """
    wanted = {"resultTypes": ["violations"]}
    if scheme == "dark":
        wanted["runOnly"] = ["color-contrast"]
    run = "(wanted) => axe.run(wanted).then((done) => JSON.stringify(done.violations))"
    found = json.loads(tab.page.evaluate(run, wanted))
    return [
        f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['failureSummary']}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


DARK = {"Ann": ("/work", "/work/1", "/guide/LDH"), "Cora": ("/progress",)}
"""The pages with all colours there are."""

PAGES = {
    "Ann": ("/work", "/work/1", "/guide/LDH", "/guide/LNRC", "/password"),
    "Eve": ("/work",),
    "Cora": ("/progress", "/people"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(chromium: Browser, real_room: RealRoom, scheme: str) -> None:
    if not AXE.exists():
        pytest.skip(f"no axe-core at {AXE}: npm install it there, or set LUMBARGRADE_AXE")
    script = AXE.read_text(encoding="utf-8")
    seen = 0
    faults = {}
    wanted = PAGES if scheme == "light" else DARK
    for name, pages in wanted.items():
        visit = Visit(chromium, real_room, name)
        visit.tab.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        own = list(pages)
        if name == "Ann":
            visit.tab.page.click("tbody a >> nth=0")
            own[1] = visit.tab.page.url.removeprefix(real_room.url)
        with visit as tab:
            for path in own:
                tab.open(path)
                if path.startswith("/work/"):
                    tab.settled()
                tab.page.evaluate(script)
                faults[path] = _faults(tab, scheme)
                seen += 1
    nobody = Watched(chromium, real_room.url, color_scheme=scheme)
    nobody.open("/sign-in")
    nobody.page.evaluate(script)
    faults["/sign-in"] = _faults(nobody, scheme)
    nobody.close()
    nobody.check()
    assert seen == sum(map(len, wanted.values()))
    assert {path: found for path, found in faults.items() if found} == {}
