"""Tests of the history widget and its parts."""
