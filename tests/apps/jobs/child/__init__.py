"""What the child processes of these tests run: Doorframe with a room of its own, whose jobs can be killed anywhere."""
