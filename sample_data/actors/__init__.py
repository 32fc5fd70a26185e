"""Who and what exists: shops, creators, products, buyers, promotions."""
