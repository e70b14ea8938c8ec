"""Door 1: the web application."""
