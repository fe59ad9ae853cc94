"""Tests: the same tree as the package, plus real servers."""
