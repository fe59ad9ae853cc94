"""Telling a person who looks elsewhere that something has come: what, how often, and by which way."""
