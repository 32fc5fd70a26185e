"""One module a page: read, make the view model, draw."""
