"""Annual responsibility statements (目标责任书): what bodies promise, signed and scored."""
