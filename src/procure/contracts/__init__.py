"""After the award: each body's own contract, its orders, deliveries and acceptances (地方自治法234条5項, 234条の2)."""
