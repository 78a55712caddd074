"""Money, rates, dates, codes and text: immutable, exact, without I/O, imported by everybody."""
