"""The kinds of proofs besides codes that are sent: each enrols, verifies, and is removed."""
