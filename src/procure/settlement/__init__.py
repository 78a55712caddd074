"""What the law and the arithmetic say about a round. Pure: no database, no clock, no framework."""
