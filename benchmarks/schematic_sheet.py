"""The drawings of all grades on one sheet, for the docs.

``python -m benchmarks.schematic_sheet docs/images/grade-drawings.svg``
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.phantom.schematic.draw import HEIGHT, WIDTH, schematic_svg

GAP, LINE = 2.0, 4.0
"""Between drawings, and for the words below one, in their mm."""


def main() -> None:
    """Write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", type=Path)
    picture = parser.parse_args().picture
    picture.write_text(sheet(), encoding="utf-8")
    print(f"{picture}: {picture.stat().st_size // 1024} kB")


def sheet() -> str:
    """Return a row of drawings for each system, the name of each grade below."""
    across, down = WIDTH + GAP, HEIGHT + GAP + LINE
    parts = []
    for row, system in enumerate(GRADING_SYSTEMS.values()):
        for grade in system.grades:
            x, y = grade.value * across, row * down
            drawing = schematic_svg(system.code, grade.value)
            place = f'<svg x="{x:g}" y="{y:g}" width="{WIDTH:g}" height="{HEIGHT:g}" '
            parts.append(place + drawing.strip().removeprefix("<svg "))
            parts.append(
                f'<text x="{x:g}" y="{y + HEIGHT + LINE - 0.6:g}" font-size="3" '
                f'font-family="sans-serif">{system.code} {grade.value}: {grade.name}</text>'
            )
    size = f"0 0 {4 * across - GAP:g} {len(GRADING_SYSTEMS) * down - GAP:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}">'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


if __name__ == "__main__":
    main()
