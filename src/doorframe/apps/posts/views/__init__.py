"""Pages of the posts. A view parses, calls one action or query, and turns errors into words.

No word of a text stands in an address, and no page with one stays in the browser.
"""
