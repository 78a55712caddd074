"""Municipalities and the other bodies that buy together."""
