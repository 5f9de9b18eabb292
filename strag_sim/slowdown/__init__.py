"""How workers are slow: interchangeable parts, one a file, and the table of their kinds."""
