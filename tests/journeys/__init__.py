"""Whole journeys in a real terminal, with keys alone and another client at the other end."""
