"""Long work outside requests, and the documents of a confirmed decision, which are made once and kept."""
