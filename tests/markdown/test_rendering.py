import pytest

from evaluations.markdown.rendering import TooDeep, render

LINK = 'target="_blank" rel="nofollow ugc noopener noreferrer"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**b** *i* ~~s~~", "<p><strong>b</strong> <em>i</em> <s>s</s></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("3. c", '<ol start="3">\n<li>c</li>\n</ol>'),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("<b>raw</b>", "<p>&lt;b&gt;raw&lt;/b&gt;</p>"),
        ("", ""),
    ],
)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert render(text) == html


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# a\n## b\n### c", ["h3", "h4", "h5"]),
        ("### a\n### b", ["h3", "h3"]),
        ("# a\n#### b\n## c", ["h3", "h4", "h4"]),
        ("## a\n# b", ["h3", "h3"]),
        ("# a\n## b\n### c\n#### d\n##### e", ["h3", "h4", "h5", "h6", "h6"]),
        ("#\n## a", ["h3"]),
    ],
)
def test_headings_start_under_the_page_s_and_skip_no_level(
    text: str, levels: list[str]
) -> None:
    html = render(text)

    opened = [piece[:2] for piece in html.split("<") if piece.startswith("h")]
    assert opened == levels


def test_a_table_can_be_reached_and_scrolled_by_keyboard() -> None:
    html = render("| a | b |\n|---|--:|\n| 1 | 2 |")

    assert html.startswith(
        '<div class="tbl" tabindex="0" role="group" aria-label="Table"><table>'
    )
    assert "<th>b</th>" in html
    assert "<td>2</td>" in html


def test_an_empty_table_heading_is_no_heading() -> None:
    assert "<td></td>\n<th>a</th>" in render("| | a |\n|---|---|\n| 1 | 2 |")


def test_a_task_list_shows_its_boxes_as_named_signs() -> None:
    html = render("- [x] bake\n- [ ] *eat*")

    assert (
        '<li class="task"><span role="img" aria-label="Done">☑</span> bake</li>' in html
    )
    assert 'aria-label="Not done">☐</span> <em>eat</em></li>' in html


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("[label](https://example.org/x)", "label <bdi>(example.org)</bdi>"),
        ("[example.org/x](https://example.org/x)", "example.org/x"),
        ("[https://example.org](https://example.org)", "https://example.org"),
        ("[a.org/evil.example](https://evil.example)", None),
        ("[](https://example.org)", "<bdi>example.org</bdi>"),
        ("[**b**](HTTPS://EXAMPLE.org:8000/)", None),
        ("![a cat](https://example.org/c.png)", "a cat <bdi>(example.org)</bdi>"),
        ("[write](mailto:a@example.org)", "write <bdi>(a@example.org)</bdi>"),
    ],
)
def test_a_link_shows_where_it_leads(text: str, inner: str | None) -> None:
    html = render(text)

    assert html.count("<a ") == 1
    assert LINK in html
    assert "<img" not in html
    if inner is not None:
        assert f">{inner}</a>" in html
    else:
        assert "</bdi></a>" in html


def test_an_image_inside_a_link_is_the_link_s_label() -> None:
    html = render("[![logo](https://a.example/l.png)](https://b.example)")

    assert "a.example" not in html
    assert ">logo <bdi>(b.example)</bdi></a>" in html


@pytest.mark.parametrize(
    "text", ["https://example.org", "www.example.org", "a@example.org"]
)
def test_a_bare_address_stays_text(text: str) -> None:
    assert render(text) == f"<p>{text}</p>"


def test_code_is_coloured_in_a_box_that_scrolls() -> None:
    html = render("```python\ndef f():\n    return 1 < 2\n```")

    assert html.startswith('<div class="hl"><pre tabindex="0"><code>')
    assert '<span class="k">def</span> <span class="nf">f</span>' in html
    assert '<span class="mi">1</span> &lt; <span class="mi">2</span>' in html


def test_colours_change_no_character_of_the_code() -> None:
    html = render("```python\n\n\nimport os\n\n\n```")

    assert '<code>\n\n<span class="k">import</span> os\n\n\n</code>' in html


@pytest.mark.parametrize("language", ["", "no-such-language", "text"])
def test_code_in_an_unknown_language_is_shown_as_it_is(language: str) -> None:
    html = render(f"```{language}\n\n  a <b>\n```")

    assert "<code>\n  a &lt;b&gt;\n</code>" in html


def test_a_regular_expression_is_not_hidden_by_the_page_s_own_class() -> None:
    assert 'class="sr"' not in render("```ruby\nx =~ /ab+/\n```")


@pytest.mark.parametrize(
    ("text", "display"),
    [
        (r"$x$", "inline"),
        (r"\(x\)", "inline"),
        (r"$$x$$", "block"),
        (r"\[x\]", "block"),
        ("so $$x$$ holds", "block"),
        (r"so \[x\] holds", "block"),
        ("so\n$$\nx\n$$\nholds", "block"),
        ("so\n\\[\nx\n\\].\nholds", "block"),
        ("- item\n\n  \\[\n  x\n  \\]", "block"),
    ],
)
def test_formulas_become_mathml(text: str, display: str) -> None:
    html = render(text)

    assert html.count("<math") == 1
    assert f'<math display="{display}"' in html
    assert "<mi>x</mi>" in html


@pytest.mark.parametrize(
    "text", ["$5 and $10", "from $ 5 to $ 6", "`$x$`", "```\n\\[x\\]\n```"]
)
def test_money_and_code_are_no_formulas(text: str) -> None:
    assert "<math" not in render(text)


def test_a_line_inside_a_formula_is_not_taken_for_a_list() -> None:
    html = render("\\[\na\n- b\n+ c\n\\]")

    assert "<li>" not in html
    assert html.count("<math") == 1


def test_aligned_equations_become_a_table() -> None:
    html = render(r"$$\begin{aligned} a &= b \\ c &= d \end{aligned}$$")

    assert html.count("<mtr>") == 2


def test_a_sign_in_a_formula_stays_a_sign() -> None:
    assert "<mo>&lt;</mo>" in render("$a<b$")
    assert "<mtext>a&lt;b&gt;</mtext>" in render(r"$\text{a<b>}$")


@pytest.mark.parametrize("tex", [r"\frac{", "{" * 5000 + "}" * 5000])
def test_a_formula_that_cannot_be_read_is_shown_as_tex(tex: str) -> None:
    assert f"<code>{tex}</code>" in render(f"${tex}$")


@pytest.mark.parametrize("tex", [r"\hspace{99em}", r"\raise{99em}{x}", r"\kern-99em"])
def test_a_formula_cannot_reach_over_the_page(tex: str) -> None:
    assert "99em" not in render(f"${tex} y$")


def test_lists_too_deep_for_the_parser_are_refused_rather_than_cut() -> None:
    def nested(depth: int) -> str:
        return "\n".join("  " * level + f"- item{level}" for level in range(depth))

    assert "item8" in render(nested(9))
    with pytest.raises(TooDeep):
        render(nested(10))
