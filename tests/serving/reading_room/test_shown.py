"""The pictures of a cohort are what the room asks for."""

from __future__ import annotations

from lumbargrade.serving.reading_room.cohort_pictures import CohortPictures
from lumbargrade.serving.reading_room.shown import Pictures


def test_every_name_of_the_protocol_is_there() -> None:
    names = {name for name in vars(Pictures) if not name.startswith("_")}
    assert names == {
        "slices", "view", "pixels", "sagittal", "plane", "stored_box", "proposals", "prefetch",
        "close",
    }  # fmt: skip
    assert all(callable(getattr(CohortPictures, name)) for name in names)
