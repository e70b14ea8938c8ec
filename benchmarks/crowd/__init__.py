"""Many clients who read and sign at once: what makes them ready, who they are, and what came of it."""
