"""Pure numerics: tallies of votes in; ratings, intervals and rank ranges out."""
