"""What is due when: reminders, talks, the end of keeping. No clock here: every date is passed in."""
