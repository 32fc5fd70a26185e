"""A deterministic sample marketplace with planted stories.

It knows nothing of the pipeline or the app: it delivers raw tables as a
marketplace would, and keeps the truth in a folder of its own.
"""

from sample_data.errors import BadSettings, NotASampleWorld, SampleDataError
from sample_data.generation import GeneratedWorld, generate
from sample_data.settings import WorldSettings
from sample_data.write import is_current

__all__ = [
    "BadSettings",
    "GeneratedWorld",
    "NotASampleWorld",
    "SampleDataError",
    "WorldSettings",
    "generate",
    "is_current",
]
