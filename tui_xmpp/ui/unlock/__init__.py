"""The screen before all others: opens an encrypted store, or decides how a new one is kept."""
