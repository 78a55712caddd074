"""Reading spreadsheets that somebody sends: checked before they are opened, cell by cell, formulas never trusted."""
