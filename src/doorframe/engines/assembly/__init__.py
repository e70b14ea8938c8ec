"""Assembly: answers and clauses give a Document, sentence by sentence, each with where it came from."""
