"""Name the disc level of each axial slice."""

from lumbargrade.inference.levels.name import name_levels
from lumbargrade.inference.levels.stack import NamedLevels

__all__ = ["NamedLevels", "name_levels"]
