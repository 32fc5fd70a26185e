"""Measured speed, as CPU time and ratios: wall time says more about the machine."""
