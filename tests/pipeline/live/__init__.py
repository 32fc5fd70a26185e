"""Tests of the live lane, with what several of them start from."""
