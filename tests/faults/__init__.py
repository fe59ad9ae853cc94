"""Two people write to each other while lines are cut, servers restart and clients are killed."""
