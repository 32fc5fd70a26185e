"""Who acts together: communities with stable ids and a drawn layout."""
