"""The network layer: parsers by tables, the protocol against real servers."""
