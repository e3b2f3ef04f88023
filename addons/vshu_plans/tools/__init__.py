"""Plain Python: no records here."""
