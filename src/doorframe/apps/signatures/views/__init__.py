"""The pages: readers by link and at the tablet, and the practice's own."""
