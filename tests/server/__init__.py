"""Real servers and peers for the tests, each a child of the test run, on loopback, ended by its process id."""
