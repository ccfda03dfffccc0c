"""The model card: one template, filled from a bundle at export or from an evaluation.

Whatever a filler does not know is left out; what the card must always say stands here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CARD_FILE = "model-card.md"
"""Name of the card that an evaluation writes."""

RESEARCH_ONLY = "**Research use only. Not a medical device; not for clinical use.**"


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, as Markdown."""

    title: str
    text: str


@dataclass(frozen=True)
class Card:
    """What a card is filled with.

    Attributes
    ----------
    model : name and version.
    systems : one line for each grading system.
    input : what it reads, such as "axial T2-weighted slices of the lumbar spine".
    sections : between the intended use and the limits, in their order.
    limits : what is known to be weak, one sentence each, before what holds for every model.
    simulated : trained on, or measured on, simulated studies only.
    """

    model: str
    systems: Sequence[str]
    input: str
    sections: Sequence[Section]
    limits: Sequence[str]
    simulated: bool


def render(card: Card) -> str:
    """Return the card as Markdown."""
    use = (
        f"{RESEARCH_ONLY}\n\nGrades {card.input}:\n\n{_listed(card.systems)}\n\n"
        "For research groups that grade an archive, and for readers who study these grades. A "
        "grade must be checked by a radiologist; no clinical decision may be based on it."
    )
    real = "real MRI, " if card.simulated else ""
    limits = [
        *card.limits,
        f"Not validated on: {real}other contrasts, fractures, tumours, infection, implants, "
        "previous surgery, severe artefacts, transitional vertebrae, patients under 18.",
        "Each slice is graded on its own; neighbouring slices and other series are not used.",
        "Rare grades had few training images; check their recall above before relying on them.",
    ]
    parts = [
        f"# {card.model}",
        f"## Intended use\n\n{use}",
        *(f"## {one.title}\n\n{one.text}" for one in card.sections),
        f"## Limits\n\n{_listed(limits)}",
    ]
    return "\n\n".join(parts) + "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; a bar in a cell is escaped."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
