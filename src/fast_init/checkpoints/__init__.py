"""Files of safetensors from a recipe: plan, write, read, verify, inspect."""
