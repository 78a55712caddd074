"""What is made of a report on paper and as files: one writer a document."""
