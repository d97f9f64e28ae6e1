"""The pages of whoever runs the site: apps, who may open them, who asks to."""
