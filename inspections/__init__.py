"""Checklists, visits, and what enterprises find themselves."""
