"""Tests mirror the packages; laws, stories and the browser have rooms of their own."""
