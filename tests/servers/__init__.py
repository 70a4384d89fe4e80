"""Real servers for the tests, each on 127.0.0.1 and in a directory of its own."""
