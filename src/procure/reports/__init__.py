"""Read models: one frozen value of a round that page, PDF, Excel, annual report and data all show."""
