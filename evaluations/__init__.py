"""What the arena does: models in, votes in, ratings and open data out."""
