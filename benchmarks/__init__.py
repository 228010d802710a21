"""Ratios against the peers, each measured in one run: ``python -m benchmarks``."""
