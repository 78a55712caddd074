"""Mails to the bodies: which are due, their texts, the outbox, and sending them."""
