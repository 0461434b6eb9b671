"""A made-up crowd judges in a database of its own, by the arena's own code."""
