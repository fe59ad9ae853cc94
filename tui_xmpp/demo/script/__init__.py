"""What is said in the demonstration, and by whom; how it is done is elsewhere."""
