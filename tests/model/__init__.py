"""The model: addresses and the cleaning of text."""
