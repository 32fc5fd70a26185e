"""Errors of the generator: one tree, so that a caller catches one name."""


class SampleDataError(Exception):
    """Base of every error this package raises on purpose."""


class BadSettings(SampleDataError):
    """The world asked for cannot be built."""


class NotASampleWorld(SampleDataError):
    """The output folder holds something this package did not write."""
