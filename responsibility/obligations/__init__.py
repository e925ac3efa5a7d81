"""Everything with a deadline is one kind of row."""
