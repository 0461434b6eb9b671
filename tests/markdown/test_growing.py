from evaluations.markdown import Growing, Piece


def test_a_block_is_final_when_nothing_can_change_it_any_more() -> None:
    growing = Growing()

    assert growing.add("# Hi") == Piece("", "<h3>Hi</h3>")
    assert growing.add("\nSome **bo") == Piece(
        "<h3>Hi</h3>\n", "<p>Some <strong>bo</strong></p>"
    )
    assert growing.add("ld** text\n\n- a") == Piece(
        "<p>Some <strong>bold</strong> text</p>\n", "<ul>\n<li>a</li>\n</ul>"
    )
    assert growing.add("\n\nlast\n") == Piece(
        "<ul>\n<li>a</li>\n</ul>\n", "<p>last</p>"
    )
