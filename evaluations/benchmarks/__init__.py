"""Traditional test sets: whose scores they are, how items are asked and marked."""
