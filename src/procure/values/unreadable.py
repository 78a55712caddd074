"""What cannot be read: the one refusal of every parser of typed text."""


class Unreadable(ValueError):
    """Typed text that cannot be read; `message` says in Japanese why, and how to mend it."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)
