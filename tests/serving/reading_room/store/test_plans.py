"""The plan is made once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.serving.reading_room.made_up_room import MadeUpRoom

from lumbargrade.errors import ReadingError
from lumbargrade.serving.reading_room.settings import Wished

OWN = """
code = "OWN"
name = "a system of one's own"
source = "nowhere"
per_side = false
needs_disc = false
[[grades]]
value = 0
name = "no"
help = "not there"
[[grades]]
value = 1
name = "yes"
help = "there"
"""


def test_systems_are_codes_or_files_and_their_wording_stays(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    first = MadeUpRoom(tmp_path, Wished(systems=("lnrc", str(path), "pfirrmann")))
    assert list(first.room.plan.systems) == ["LNRC", "OWN", "PFIRRMANN"]
    first.close()
    path.unlink()
    again = MadeUpRoom(tmp_path)
    assert again.room.plan == first.room.plan
    assert again.room.plan.systems["OWN"].grades[1].help_text == "there"
    again.close()


@pytest.mark.parametrize(
    ("systems", "fault"),
    [
        (("NOSUCH",), "NOSUCH is unknown: choose from LDH"),
        ((), "names none: leave it out for LDH, LCCS and LNRC"),
        (("no.toml",), "--systems: grading system no.toml"),
    ],
)
def test_systems_that_are_none_are_refused(
    tmp_path: Path, systems: tuple[str, ...], fault: str
) -> None:
    with pytest.raises(ReadingError, match=fault):
        MadeUpRoom(tmp_path, Wished(systems=systems))


@pytest.mark.parametrize(
    ("code", "names", "fault"),
    [
        ("LDH", ("no", "yes"), "has the code LDH of another system: choose another code"),
        ("OWN", ("1", "2"), "names its grades by other numbers than their values"),
    ],
)
def test_a_file_that_tables_would_write_otherwise_is_refused(
    tmp_path: Path, code: str, names: tuple[str, str], fault: str
) -> None:
    path = tmp_path / "own.toml"
    text = OWN.replace('"OWN"', f'"{code}"').replace('"no"', f'"{names[0]}"')
    path.write_text(text.replace('"yes"', f'"{names[1]}"'), encoding="utf-8")
    with pytest.raises(ReadingError, match=fault):
        MadeUpRoom(tmp_path, Wished(systems=(str(path),)))


@pytest.mark.parametrize(
    ("wished", "fault"),
    [
        (Wished(readers=3), "set up with --readers 2, not 3"),
        (Wished(repeat_share=0.1), r"set up with --repeats 0\.0, not 0\.1"),
        (
            Wished(assisted_share=0.5),
            "leave the option out, or start another",
        ),
    ],
)
def test_what_was_set_up_stays(tmp_path: Path, wished: Wished, fault: str) -> None:
    MadeUpRoom(tmp_path).close()
    with pytest.raises(ReadingError, match=fault):
        MadeUpRoom(tmp_path, wished)
