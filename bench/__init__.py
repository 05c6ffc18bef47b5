"""Measures how servers boot, and how time and memory grow with the length of a history."""
