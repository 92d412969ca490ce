"""Figures of this product: `python -m benchmarks.NAME` says what it does on stderr and ends with one JSON object."""
