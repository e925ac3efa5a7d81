"""What a unit is asked to answer by a day: its progress, its answer, and whether that is accepted."""
