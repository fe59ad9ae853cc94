"""The embedded demonstration server and its cast."""
