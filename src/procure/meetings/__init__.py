"""Training courses and meetings of the council, as the annual report tells of them."""
