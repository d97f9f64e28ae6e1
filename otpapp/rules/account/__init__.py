"""What users do about themselves, each by a session of their own."""
