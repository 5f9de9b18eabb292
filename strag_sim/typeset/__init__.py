"""Tables of results for papers: booktabs LaTeX, Markdown, CSV."""
