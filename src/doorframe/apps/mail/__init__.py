"""Mail: letters that tell a stranger nothing, written down with the change that asks for them, and sent once."""
