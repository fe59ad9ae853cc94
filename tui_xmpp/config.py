"""Settings of the program: the TOML file and the directories."""
