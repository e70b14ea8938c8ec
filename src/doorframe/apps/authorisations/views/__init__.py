"""Pages: of the practice, and of the person who reads and signs in the room."""
