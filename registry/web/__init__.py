"""The product a person sees: forms, pages and the pictures on them."""
