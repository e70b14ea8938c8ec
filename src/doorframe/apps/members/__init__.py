"""Members: people, practices, roles, and the wall between one practice and another."""
