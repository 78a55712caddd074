"""A round, its lots and items, and its life cycle."""
