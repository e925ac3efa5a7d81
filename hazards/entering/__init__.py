"""Entering a hazard that no checklist, visit or report has brought: what a campaign or an accident shows."""
