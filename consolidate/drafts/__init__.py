"""The text of a `mappings.yaml` that asks for what would be done without one."""
