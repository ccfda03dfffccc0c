"""An image keeps the name under which its table knows it."""

from __future__ import annotations

from lumbargrade.annotation.places import Place, filled, place_cells, places_of
from lumbargrade.annotation.reading import Item
from lumbargrade.grading.level import Level
from lumbargrade.readings.read import Reading
from lumbargrade.readings.slice_key import SliceKey


def read(level: Level | None = None, **key: object) -> Reading:
    return Reading("r", "Ann", SliceKey("P1", **key), level, "LDH", None, 1)  # type: ignore[arg-type]


def cells(one: Reading) -> dict[str, object]:
    found = place_cells(Item("P1", one.image, 1, "LDH", ""), places_of([one]))
    return {name: cell for name, cell in found.items() if cell}


def test_what_names_an_image_names_it_again() -> None:
    assert cells(read(sop="1.2", file="a/1.dcm")) == {
        "patient": "P1", "sop_instance_uid": "1.2", "file": "a/1.dcm"
    }  # fmt: skip
    assert cells(read(series="1.3", number=7)) == {"patient": "P1", "series": "1.3", "slice": "7"}
    assert cells(read(Level.L4_L5)) == {"patient": "P1", "level": "L4/L5"}
    assert cells(read(image="P1-07")) == {"patient": "P1", "image": "P1-07"}


def test_the_first_level_that_is_said_counts() -> None:
    said = [read(None, sop="1.2"), read(Level.L4_L5, sop="1.2"), read(Level.L5_S1, sop="1.2")]
    assert places_of(said) == {("P1", "1.2"): Place(SliceKey("P1", sop="1.2"), Level.L4_L5)}


def test_an_image_without_a_place_is_named_by_what_it_is() -> None:
    assert place_cells(Item("P1", "1.2.3", 2, "LDH", ""), {})["sop_instance_uid"] == "1.2.3"
    found = place_cells(Item("P1", "P1-07", 2, "LDH", ""), {})
    assert (found["image"], found["sop_instance_uid"], found["frame_number"]) == ("P1-07", "", 2)


def test_columns_that_nobody_filled_are_left_out() -> None:
    rows: list[dict[str, object]] = [
        {"patient": "", "file": "", "image": "a"},
        {"patient": "", "file": None, "image": ""},
    ]
    assert filled(("patient", "file", "image"), rows) == ("patient", "image")
