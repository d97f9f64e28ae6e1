"""What users do about themselves."""
