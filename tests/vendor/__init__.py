"""Tests of the parts of `vendor`."""
