"""Documents of hazards: orders, on-the-spot measures, re-inspection opinions, notices of listing."""
