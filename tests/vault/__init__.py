"""What opens an encrypted store."""
