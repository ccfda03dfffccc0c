"""``lumbargrade read``: the reading room, opened over a cohort."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lumbargrade.cli.screen import Screen
from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import needs_extra
from lumbargrade.grading.system import Unit


@dataclass(frozen=True)
class Said:
    """What the command line says: where the room is reached, what is read, and by which rules.

    ``systems`` are codes or files, parted by commas; ``new_link`` is for a coordinator who has
    forgotten the password.
    """

    host: str
    port: int
    certificate: Path | None
    key: Path | None
    proxy: str
    database: str | None
    readers: int | None
    systems: str | None
    repeats: float | None
    assisted: float | None
    seed: int | None
    new_link: bool


def run(cohort_folder: Path, model: Path | None, said: Said) -> None:
    """Open the room and keep it open until it is interrupted."""
    with needs_extra("the reading room"):
        from lumbargrade.serving.reading_room.opening import default_database, open_room
        from lumbargrade.serving.reading_room.serve import serve
        from lumbargrade.serving.reading_room.settings import Opening, Wished
    console = Screen(highlight=False, soft_wrap=True)
    opening = Opening(said.host, said.port, said.certificate, said.key, said.proxy)
    names = None if said.systems is None else tuple(filter(None, said.systems.split(",")))
    wished = Wished(said.seed, names, said.readers, said.repeats, said.assisted)
    cohort = read_cohort(cohort_folder)
    database = said.database or default_database(cohort_folder)

    from lumbargrade.inference.bundle import load_bundle
    from lumbargrade.inference.engine import Engine
    from lumbargrade.serving.reading_room.cohort_pictures import CohortPictures

    engine = Engine(load_bundle(model))

    def made(units: frozenset[Unit]) -> CohortPictures:
        return CohortPictures(cohort, engine, units)

    opened = open_room(cohort, made, database, wished, opening.is_secure, said.new_link)

    def tell() -> None:
        room = opened.room
        lines = [
            f"Reading room of {cohort_folder}: {len(room.patients)} studies, "
            f"{len(cohort.slices)} slices, {', '.join(room.plan.systems)}",
            f"Readings are kept in {room.database.named}",
        ]
        address = "https://YOUR-PROXY" if opening.proxy else opening.address
        if opened.link:
            lines += [
                "Open this link once, to set the password of the account "
                f"{opened.coordinator}, and then add the others on the page People:",
                f"  {address}{opened.link}",
            ]
        else:
            lines.append(f"Open in a browser: {address}")
        lines.append("Stop with Ctrl+C: nothing that was saved is lost.")
        console.print("\n".join(lines), markup=False)

    serve(opened.room, opening, tell)
    console.print("The room is closed.")
