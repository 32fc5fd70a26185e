"""The models of our files are read alike by every Python."""

from __future__ import annotations

from pydantic import AfterValidator

from queries.catalogue import Feature


def test_validators_are_functions_of_python() -> None:
    """A method of a built-in type has no signature in Python 3.12, and one that fails in 3.13."""
    validators = [
        one.func
        for field in Feature.model_fields.values()
        for one in field.metadata
        if isinstance(one, AfterValidator)
    ]
    assert validators
    assert all(hasattr(function, "__code__") for function in validators)
