"""Measures how time and memory grow with the length of a history."""
