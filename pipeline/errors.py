"""Everything the pipeline can refuse to do, each with a remedy.

One tree, so that the command line can catch one class, print one sentence and
leave anything else to crash visibly::

    PipelineError
    |-- InputError     the raw folder breaks the contract        (ingest)
    |-- BuildError     a build cannot start, or cannot finish    (build)
    |-- StageError     a stage lacks what an earlier one writes  (any stage)
    `-- PackError      a typology pack asks for what is not there (scores)
"""

from __future__ import annotations


class PipelineError(Exception):
    """A refusal in three parts: what was found, what was expected, what to do next."""

    def __init__(self, found: str, expected: str, remedy: str) -> None:
        super().__init__(f"{found} {expected} {remedy}")
        self.found = found
        """What was met: the value and where it stood."""
        self.expected = expected
        """What would have been right."""
        self.remedy = remedy
        """The next step for whoever reads this."""


class InputError(PipelineError):
    """The delivered raw tables break their contract."""


class BuildError(PipelineError):
    """A build cannot start or cannot finish; the last good file is untouched."""


class StageError(PipelineError):
    """A stage was started before the tables it reads were there."""


class PackError(PipelineError):
    """A typology pack names a feature or writes a predicate that cannot be run."""
