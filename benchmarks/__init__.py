"""Measurements that take longer than tests: speed, memory, and whether the task is real.

Run ``python -m benchmarks`` for the quick ones and ``python -m benchmarks NAME`` for one.
"""
