"""Posts: drafts, what screening found in them, who decided, and the calendar of what is planned."""
