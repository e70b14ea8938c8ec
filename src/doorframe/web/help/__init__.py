"""The documentation inside the application: the pages of docs/, rendered and searched on this machine alone."""
