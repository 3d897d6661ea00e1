"""What can be asked of the system: one table of queries, for HTTP and the command line."""
