"""Tests of the linear mode: its words, its commands on a real store, and the program on terminals and pipes."""
