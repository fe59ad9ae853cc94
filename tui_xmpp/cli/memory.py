"""What is only in memory, as keys and open texts are, stays there (SECURITY 28)."""

import resource


def keep_from_disk() -> None:
    """Have the system write no picture of our memory to the disk when we crash; editors and commands inherit that."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
