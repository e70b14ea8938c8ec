"""Pages of the clients. A view parses, calls one action or query, and turns errors into words.

No page with a name in it stays in the browser: whoever goes back on a shared tablet after signing out sees nothing.
"""
