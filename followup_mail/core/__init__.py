"""The deciding rooms: pure functions and frozen values, nothing that talks to a clock, disk or server."""
