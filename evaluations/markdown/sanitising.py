import nh3

from evaluations.markdown.highlighting import CODE_CLASSES

_TEXT_TAGS = """
    a bdi blockquote br code div em h3 h4 h5 h6 hr li ol p pre s span strong
    table tbody td th thead tr ul
"""
# Without annotation-xml, mglyph, malignmark and maction: they open a way back from
# MathML into HTML, which mutation attacks use.
_MATH_TAGS = """
    math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts
    mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr
    munder munderover none
"""
# Neither colours nor mathsize: the one hides text, the other grows when nested.
_MATH_ATTRIBUTES = """
    accent accentunder columnalign columnspacing depth displaystyle fence form height
    largeop linethickness lspace mathvariant maxsize minsize movablelimits notation
    rowspacing rspace scriptlevel separator stretchy symmetric voffset width
"""

_CLEANER = nh3.Cleaner(
    tags={*_TEXT_TAGS.split(), *_MATH_TAGS.split()},
    attributes={
        "a": {"href"},
        "ol": {"start"},
        **{tag: set(_MATH_ATTRIBUTES.split()) for tag in _MATH_TAGS.split()},
    },
    tag_attribute_values={
        "div": {"tabindex": {"0"}, "role": {"group"}, "aria-label": {"Table"}},
        "math": {"display": {"block", "inline"}, "tabindex": {"0"}},
        "pre": {"tabindex": {"0"}},
        "span": {"role": {"img"}, "aria-label": {"Done", "Not done"}},
    },
    allowed_classes={"div": {"hl", "tbl"}, "li": {"task"}, "span": CODE_CLASSES},
    set_tag_attribute_values={"a": {"target": "_blank"}},
    link_rel="nofollow ugc noopener noreferrer",
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
)


def sanitise(html: str) -> str:
    """Drop whatever the renderer itself would never write."""
    return _CLEANER.clean(html)
