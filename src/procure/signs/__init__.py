"""Signs to look at in the bids of a round and over the rounds: hints, with their figures, and never a verdict. Pure."""
