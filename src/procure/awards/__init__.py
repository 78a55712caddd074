"""The confirmed decision; rounds as files, in and out."""
