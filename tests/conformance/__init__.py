"""Cases of what squashing tools once got wrong, each with that wrong output."""
