"""The addresses of the API: each module answers some of them."""
