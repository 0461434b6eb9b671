"""Turn an answer's Markdown into HTML that is safe to put on a page."""

from evaluations.markdown.growing import Growing, Piece, warm_up
from evaluations.markdown.renderer import (
    RENDERER_VERSION,
    Rendered,
    Renderer,
    RendererUnavailable,
    render_safely,
)
from evaluations.markdown.style import StyleFeatures, style_features

__all__ = [
    "RENDERER_VERSION",
    "Growing",
    "Piece",
    "Rendered",
    "Renderer",
    "RendererUnavailable",
    "StyleFeatures",
    "render_safely",
    "style_features",
    "warm_up",
]
