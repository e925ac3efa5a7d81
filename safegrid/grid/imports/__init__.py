"""Bringing spreadsheets in: read, match columns, check, import, and say what became of each row."""
