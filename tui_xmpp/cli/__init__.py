"""The command line: what was asked for, and the answers that scripts can use."""
