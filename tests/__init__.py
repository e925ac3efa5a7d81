"""The suite. It mirrors the source; a test's name is a sentence about behaviour."""
