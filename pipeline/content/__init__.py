"""Words of the packs' lexicons in what people wrote: where they stand, and who only cites them."""
