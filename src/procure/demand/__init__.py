"""What municipalities register: drafts, submissions, quantities."""
