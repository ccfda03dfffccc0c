"""Many studies on a cluster: rate, memory, quarantine, and a scheduler that is killed."""

from benchmarks.batch.measured import run

__all__ = ["run"]
