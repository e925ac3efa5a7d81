"""Penalties from inspections, and who has so many of them that closing is put to a person."""
