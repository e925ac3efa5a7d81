"""Documents that are issued: numbered without a gap, rendered as Word, and never changed afterwards."""
