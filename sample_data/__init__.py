"""A deterministic sample marketplace with planted stories.

It knows nothing of the pipeline or the app: it delivers raw tables as a
marketplace would, and keeps the truth in a folder of its own.
"""

from sample_data.export.folder import is_current
from sample_data.export.folder import read as read_world
from sample_data.generation import GeneratedWorld, advance, generate
from sample_data.kit.errors import BadSettings, NotASampleWorld, SampleDataError
from sample_data.kit.settings import WorldSettings, with_weeks_ahead

__all__ = [
    "BadSettings",
    "GeneratedWorld",
    "NotASampleWorld",
    "SampleDataError",
    "WorldSettings",
    "advance",
    "generate",
    "is_current",
    "read_world",
    "with_weeks_ahead",
]
