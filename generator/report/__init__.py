"""What is found, in the words and the form of whoever reads it."""
