"""The plan of the reading: made at the first start, and held to at every other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lumbargrade.errors import GradingSystemError, ReadingError
from lumbargrade.grading.system import (
    GRADING_SYSTEMS,
    READ_SYSTEMS,
    GradingSystem,
    grading_system_from_dict,
    load_grading_system,
)
from lumbargrade.serving.reading_room.clock import now_text
from lumbargrade.serving.reading_room.settings import ReadingPlan, Wished
from lumbargrade.serving.reading_room.store.models import Plan

READERS = 2
"""As many as the paper had, where nothing else is said."""


def plan_of(session: Session, wished: Wished, cohort: str, named: str) -> tuple[ReadingPlan, bool]:
    """Return the plan that a database holds, and whether it was made just now.

    ``cohort`` is the cohort's fingerprint, ``named`` the database in messages.

    Raises
    ------
    ReadingError
        If the cohort is not the one of the plan, or ``wished`` contradicts the plan.
    """
    systems = None if wished.systems is None else _systems(wished.systems)
    kept = session.scalar(select(Plan))
    if kept is None:
        plan = ReadingPlan(
            cohort,
            _or(wished.seed, 0),
            systems or GRADING_SYSTEMS,
            _or(wished.readers, READERS),
            _or(wished.repeat_share, 0.0),
            _or(wished.assisted_share, 0.0),
        )
        session.add(_row(plan))
        return plan, True
    if kept.cohort != cohort:
        raise ReadingError(
            f"database {named}: the cohort is not the one that this reading was set up with on "
            f"{kept.made_at[:10]}: put it back as it was, or start another reading with --database"
        )
    plan = _plan(kept)
    _check_same(plan, wished, systems, named)
    return plan, False


def _or(given: Any, default: Any) -> Any:
    return default if given is None else given


def _systems(names: tuple[str, ...]) -> dict[str, GradingSystem]:
    found: dict[str, GradingSystem] = {}
    for name in names:
        system = READ_SYSTEMS.get(name.upper())
        if system is None and name.endswith(".toml"):
            try:
                system = load_grading_system(Path(name))
            except GradingSystemError as error:
                raise ReadingError(f"--systems: {error}") from None
        if system is None:
            raise ReadingError(
                f"--systems: {name} is unknown: choose from {', '.join(READ_SYSTEMS)}, or give a "
                "file that ends in .toml"
            )
        _check_known(name, system)
        found[system.code] = system
    if not found:
        raise ReadingError("--systems: names none: leave it out for LDH, LCCS and LNRC")
    return found


def _check_known(name: str, system: GradingSystem) -> None:
    """Refuse a file whose grades the tables of an export would write otherwise than the room."""
    known = READ_SYSTEMS.get(system.code)
    if known is not None and known != system:
        raise ReadingError(
            f"--systems: {name} has the code {system.code} of another system: choose another code"
        )
    if known is None and system.written != tuple(str(one.value) for one in system.grades):
        raise ReadingError(
            f"--systems: {name} names its grades by other numbers than their values, which tables "
            "of readings cannot know: name them in words, or by their values"
        )


def _row(plan: ReadingPlan) -> Plan:
    return Plan(
        cohort=plan.cohort,
        seed=plan.seed,
        systems=[one.to_dict() for one in plan.systems.values()],
        readers=plan.readers,
        repeat_share=plan.repeat_share,
        assisted_share=plan.assisted_share,
        made_at=now_text(),
    )


def _plan(kept: Plan) -> ReadingPlan:
    systems = [grading_system_from_dict(one) for one in kept.systems]
    return ReadingPlan(
        kept.cohort,
        kept.seed,
        {one.code: one for one in systems},
        kept.readers,
        kept.repeat_share,
        kept.assisted_share,
    )


def _check_same(
    plan: ReadingPlan, wished: Wished, systems: Mapping[str, GradingSystem] | None, named: str
) -> None:
    pairs = {
        "--seed": (wished.seed, plan.seed),
        "--systems": (systems and ",".join(systems), ",".join(plan.systems)),
        "--readers": (wished.readers, plan.readers),
        "--repeats": (wished.repeat_share, plan.repeat_share),
        "--assisted": (wished.assisted_share, plan.assisted_share),
    }
    for option, (given, kept) in pairs.items():
        if given is not None and given != kept:
            raise ReadingError(
                f"database {named}: this reading was set up with {option} {kept}, not {given}: "
                "leave the option out, or start another reading with --database"
            )
