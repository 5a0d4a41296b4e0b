"""The page with no server."""
