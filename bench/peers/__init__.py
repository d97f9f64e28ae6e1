"""The peers; each file runs in bench/.venv and imports nothing of ours."""
