MAX_SOURCE_BYTES = 65_536
MAX_HTML_BYTES = 1_000_000
RENDER_SECONDS = 3.0

# An answer that is still being written: its pieces are many, and somebody waits.
MAX_PIECE_BYTES = 250_000
PIECE_SECONDS = 0.5
