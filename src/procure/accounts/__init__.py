"""People, their roles and what these allow, passwords, and sign-ins."""
