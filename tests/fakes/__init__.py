"""Fakes: each implements a port and nothing more."""
