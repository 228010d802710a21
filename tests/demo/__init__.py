"""Tests of the parts of `demo`."""
