"""Where each object would like to be: the mapping's wish, or a sensible group of its own."""
