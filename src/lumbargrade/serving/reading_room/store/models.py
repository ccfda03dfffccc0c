"""The tables of the room.

Readings, boxes and times are only ever appended. ``turn`` counts what one work said of one thing;
that it is unique keeps every history a straight line, whatever two tabs do at once.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from lumbargrade.grading.system import Unit

TIME = String(24)
"""As ``clock.as_text`` writes it."""

DIGEST = String(64)
"""SHA-256 in hexadecimal."""


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """All tables of the room; their constraints have names, by which a migration can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Plan(Base):
    """What the reading was set up with, in one row."""

    __tablename__ = "plan"
    id: Mapped[int] = mapped_column(primary_key=True, init=False, default=1)
    cohort: Mapped[str] = mapped_column(DIGEST)
    seed: Mapped[int]
    systems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    readers: Mapped[int]
    repeat_share: Mapped[float]
    assisted_share: Mapped[float]
    made_at: Mapped[str] = mapped_column(TIME)


class Person(Base):
    """Somebody with an account; ``password`` is an argon2 hash, None before they set one."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[str] = mapped_column(TIME)
    password: Mapped[str | None] = mapped_column(String(256), default=None)
    active: Mapped[bool] = mapped_column(default=True)


class Link(Base):
    """A one-time link with which a person sets a password; the token itself is not kept."""

    __tablename__ = "link"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token: Mapped[str] = mapped_column(DIGEST, unique=True)
    ends_at: Mapped[str] = mapped_column(TIME)
    used_at: Mapped[str | None] = mapped_column(TIME, default=None)


class Session(Base):
    """Somebody signed in; the token itself is in their cookie alone."""

    __tablename__ = "session"
    token: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[str] = mapped_column(TIME)
    seen_at: Mapped[str] = mapped_column(TIME)


class Work(Base):
    """One study on one person's list."""

    __tablename__ = "work"
    __table_args__ = (UniqueConstraint("person_id", "patient", "round"),)
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    patient: Mapped[str] = mapped_column(Text)
    round: Mapped[int]
    arm: Mapped[str] = mapped_column(String(8))
    place: Mapped[int]
    finished_at: Mapped[str | None] = mapped_column(TIME, default=None)


class Slice(Base):
    """A slice as its study's view numbers it, or a disc; written when the study is first opened."""

    __tablename__ = "slice"
    __table_args__ = (UniqueConstraint("patient", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    patient: Mapped[str] = mapped_column(Text)
    number: Mapped[int]
    image: Mapped[str] = mapped_column(Text)
    frame: Mapped[int]
    level: Mapped[str | None] = mapped_column(String(8), default=None)
    unit: Mapped[str] = mapped_column(String(8), default=Unit.SLICE, server_default=Unit.SLICE)


class Reading(Base):
    """A grade as it was given; ``grade`` None without a reason: what was given is taken back."""

    __tablename__ = "reading"
    __table_args__ = (
        UniqueConstraint("work_id", "slice_id", "system", "side", "turn"),
        UniqueConstraint("work_id", "change"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"))
    slice_id: Mapped[int] = mapped_column(ForeignKey("slice.id"))
    system: Mapped[str] = mapped_column(String(16))
    side: Mapped[str] = mapped_column(String(5))
    turn: Mapped[int]
    change: Mapped[str] = mapped_column(String(36))
    grade: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[str] = mapped_column(TIME)
    supersedes: Mapped[int | None] = mapped_column(ForeignKey("reading.id"), unique=True)


class Box(Base):
    """A box as it was drawn, in mm as shown and in stored pixels; all None: taken back."""

    __tablename__ = "box"
    __table_args__ = (
        UniqueConstraint("work_id", "slice_id", "turn"),
        UniqueConstraint("work_id", "change"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"))
    slice_id: Mapped[int] = mapped_column(ForeignKey("slice.id"))
    turn: Mapped[int]
    change: Mapped[str] = mapped_column(String(36))
    box_mm: Mapped[list[float] | None] = mapped_column(JSON(none_as_null=True))
    box_px: Mapped[list[float] | None] = mapped_column(JSON(none_as_null=True))
    made_at: Mapped[str] = mapped_column(TIME)
    supersedes: Mapped[int | None] = mapped_column(ForeignKey("box.id"), unique=True)


class SliceTime(Base):
    """Seconds that were spent on a slice, as the browser counted them since it last said so."""

    __tablename__ = "slice_time"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    slice_id: Mapped[int] = mapped_column(ForeignKey("slice.id"))
    seconds: Mapped[float]
    made_at: Mapped[str] = mapped_column(TIME)


class Audit(Base):
    """Who did what and when; ``about`` names a person, a work or a file, never a patient."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    at: Mapped[str] = mapped_column(TIME, index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    deed: Mapped[str] = mapped_column(String(24))
    about: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(45))
