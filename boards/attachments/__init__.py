"""What is attached to a case: checked before it is kept."""
