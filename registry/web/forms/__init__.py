"""What people fill in: fields that keep what was typed, and the forms made of them."""
