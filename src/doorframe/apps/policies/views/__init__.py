"""Pages of the policies. A view parses, calls one action or query, and turns errors into words."""
