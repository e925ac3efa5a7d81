"""Repeat offenders: a proposal to close is put to a person, who decides (Work Safety Law, Art. 113)."""
