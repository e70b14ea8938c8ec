"""Apps remember: one Django app per noun."""
