"""What the disc finder learns from: ``python -m benchmarks.real.sagittal.material FOLDER OUT``.

OUT/traced.json holds the traced slices of ``tracings/sagittal.json``, OUT/space.json the T2 SPACE
slices of SPIDER with corners from their masks. Then ``lumbargrade discs train OUT/traced.json
OUT/space.json COHORT/discs/*.json --pictures FOLDER -o RUN``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from benchmarks.real.sagittal.spacing import FIELD_MM, plausible, spider_spacings
from lumbargrade.spine.tracing import CORNERS, NAMES, DiscTracing, write_disc_tracings

MENDELEY_PX = 384
DISC = 160
"""Grey value of discs in the masks."""
FEWEST_PX, SHORTEST_PX = 150, 25
"""Smaller or shorter pieces of a mask are no whole disc."""
LEFT_OUT = (50, 110, 152, 166)
"""Patients whose discs are cut by metal, or whose mask splits or doubles one: seen by eye."""
ENDS = (0.10, 0.92)
"""Shares of a disc's length at which its heights are taken; its ends are rounded."""

Points = NDArray[np.float64]


def traced(folder: Path) -> list[DiscTracing]:
    """Return the traced slices; a disc without all four corners (at an edge) is left out."""
    spacings = spider_spacings(folder)
    given = json.loads((folder / "tracings" / "sagittal.json").read_text("utf-8"))
    return [_traced(one, spacings) for one in given]


def _traced(record: dict[str, Any], spacings: dict[int, float]) -> DiscTracing:
    discs = {
        name: np.array([corners[key] for key in CORNERS], dtype=np.float64)
        for name, corners in record["discs"].items()
        if set(corners) == set(CORNERS)
    }
    stem = Path(record["file"]).stem
    spider = record["file"].startswith("spider")
    spacing = spacings.get(int(stem[1:])) if spider else FIELD_MM / MENDELEY_PX
    middles = [discs[name].mean(axis=0) for name in NAMES if name in discs]
    return DiscTracing(
        file=record["file"],
        discs=discs,
        sacrum_seen=record["sacrum_seen"],
        patient=spider_patient(int(stem[1:])) if spider else stem.partition("_")[0],
        pixel_spacing_mm=plausible(spacing, middles) if spider else round(spacing or 0.0, 4),
    )


def spider_patient(number: int) -> str:
    """Return the name of a patient of SPIDER; both sets call theirs P and a number."""
    return f"S{number:03d}"


def from_masks(folder: Path) -> list[DiscTracing]:
    """Return the discs of SPIDER's T2 SPACE slices, as their masks show them."""
    found = []
    for file in sorted((folder / "spider" / "sagittal_space_mask").glob("P*.png")):
        number = int(file.stem[1:])
        if number in LEFT_OUT:
            continue
        mask = np.asarray(Image.open(file)) == DISC
        discs = dict(zip(NAMES, discs_of_mask(mask), strict=False))
        spacing = plausible(None, [corners.mean(axis=0) for corners in discs.values()])
        name = f"spider/sagittal_space/{file.name}"
        found.append(DiscTracing(name, discs, True, spider_patient(number), spacing))
    return found


def discs_of_mask(mask: NDArray[np.bool_]) -> list[Points]:
    """Return the corners (4, 2: column, row) of each disc of a mask, the lowest first."""
    label, count = ndimage.label(mask)
    found = [
        _corners(np.argwhere(label == one)[:, ::-1].astype(float)) for one in range(1, count + 1)
    ]
    return sorted((one for one in found if one is not None), key=lambda one: -one[:, 1].mean())


def _corners(places: Points) -> Points | None:
    if len(places) < FEWEST_PX:
        return None
    middle = places.mean(axis=0)
    along = np.linalg.svd(places - middle, full_matrices=False)[2][0]
    along *= np.sign(along[0])  # to the back of the patient: to the right of the picture
    down = np.array([-along[1], along[0]])
    back, lower = (places - middle) @ along, (places - middle) @ down
    first, last = np.percentile(back, [1, 99])
    if last - first < SHORTEST_PX:
        return None
    ends = []
    for end, share in zip((first, last), ENDS, strict=True):
        near = np.abs(back - (first + share * (last - first))) < 0.06 * (last - first)
        ends.append((end, lower[near].min() - 0.5, lower[near].max() + 0.5))
    (front, front_up, front_low), (rear, rear_up, rear_low) = ends
    order = ((front, front_up), (rear, rear_up), (rear, rear_low), (front, front_low))
    return np.array([middle + a * along + b * down for a, b in order])


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name, found in (("traced", traced(options.folder)), ("space", from_masks(options.folder))):
        write_disc_tracings(options.out / f"{name}.json", found)
        print(f"{options.out / name}.json: {len(found)} slices")


if __name__ == "__main__":
    main()
