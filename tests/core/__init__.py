"""The engine: decisions by tables, behaviour against real servers."""
