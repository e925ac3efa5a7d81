"""What is kept beside the rows and follows from them: built by one statement each, after the copy."""


def summarise() -> None:
    """Build the summaries of the counts that pages show; the triggers that keep them were off."""
