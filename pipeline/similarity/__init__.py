"""Tables of the schema `similarity` that need a graph routine, which SQL has not."""
