"""The living demo city: a year of fictional history, made by driving the real services."""
