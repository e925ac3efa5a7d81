"""Guidance of member units: a notice of the office, a date, a receipt from each unit."""
