"""Finds out what the authors' own way back is worth: the down scripts of the legacy history."""
