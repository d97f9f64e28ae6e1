"""What is asked by whatever keeps the server running."""
