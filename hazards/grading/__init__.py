"""How a hazard is graded: by lists of what makes one major, and by likelihood and consequence."""
