"""A reading under way: an expert, two readers who differ, an adjudicator, a coordinator."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.serving.reading_room.made_up_room import MadeUpRoom, Person

from lumbargrade.annotation.roles import Role
from lumbargrade.serving.reading_room.settings import Wished

SECRET_REASON = "zsecretreason of Bob"
LDH_ONLY = Wished(seed=3, systems=("LDH",), assisted_share=0.5)


@dataclass
class Study:
    """The room and its people; Bob's grades are one more than Ann's in p1, and equal elsewhere."""

    room: MadeUpRoom
    people: dict[str, Person]

    def person(self, role: Role) -> Person:
        """The first person of a role."""
        return next(one for one in self.people.values() if one.role is role)


def study_under_way(folder: Path, wished: Wished = LDH_ONLY) -> Study:
    """Open a room in which both readers are through."""
    room = MadeUpRoom(folder, wished)
    names = {
        "Ann Zreader": Role.READER,
        "Bob Zother": Role.READER,
        "Eve Zexpert": Role.EXPERT,
        "Jud Zjudge": Role.ADJUDICATOR,
        "Cora Zcoord": Role.COORDINATOR,
    }
    people = {name.split()[0]: room.add(name, role) for name, role in names.items()}
    people["Ann"].read_all({"p1": 1, "p2": 0, "p3": 2}, tuple(room.room.plan.systems))
    bob = people["Bob"]
    for work in bob.works():
        shown = bob.browser.get(f"/api/work/{work}").json()
        for one in [*shown["view"]["slices"], *shown["view"]["discs"]]:
            patient = bob.patient_of(work)
            grade = {"p1": 2, "p2": 0, "p3": 2}[patient]
            for system in room.room.plan.systems:
                if patient == "p1" and one["number"] == 2:
                    bob.grade(work, 2, None, reason=SECRET_REASON, system=system)
                else:
                    bob.grade(work, one["number"], grade, system=system)
        assert bob.finish(work).status_code == 200
    return Study(room, people)
