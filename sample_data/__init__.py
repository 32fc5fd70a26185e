"""A deterministic sample marketplace with planted stories.

It knows nothing of the pipeline or the app: it delivers raw tables as a
marketplace would, and keeps the truth in a folder of its own.
"""

from sample_data.export.folder import is_current
from sample_data.generation import GeneratedWorld, generate
from sample_data.kit.errors import BadSettings, NotASampleWorld, SampleDataError
from sample_data.kit.settings import WorldSettings

__all__ = [
    "BadSettings",
    "GeneratedWorld",
    "NotASampleWorld",
    "SampleDataError",
    "WorldSettings",
    "generate",
    "is_current",
]
