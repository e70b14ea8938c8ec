"""Interview: questions and answers so far give the next question, the progress and what contradicts what."""
