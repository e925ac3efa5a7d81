"""What is kept beside the rows and follows from them: built by one statement each, after the copy."""

from safegrid.grid.counts import rebuild


def summarise() -> None:
    """Build the sums of the counts that pages show; the triggers that keep them were off."""
    rebuild()
