"""Bidders, attempts and the bids that the secretariat enters."""
