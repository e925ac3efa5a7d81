"""The ladder towards a unit that does not act: reminder, urging letter, talk, circular."""
