"""What must happen when people ask for codes, answer them and leave; nothing of how."""
