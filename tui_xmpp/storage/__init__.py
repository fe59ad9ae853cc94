"""The SQLite store: the truth for what is on the screen."""
