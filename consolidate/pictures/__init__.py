"""Writes a network in the formats that other programs draw or read, one module for each."""
