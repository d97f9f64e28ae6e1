"""What happened, in numbers: by the hour, and what of it should worry somebody."""
