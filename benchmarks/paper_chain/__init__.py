"""The paper played through on simulated hospitals and readers, every number checked."""

from benchmarks.paper_chain.measured import run

__all__ = ["run"]
