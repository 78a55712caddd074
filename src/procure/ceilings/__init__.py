"""予定価格: entered with its basis, sealed until the opening, and what opened it."""
