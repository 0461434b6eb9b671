from evaluations.markdown import StyleFeatures, style_features

ANSWER = """\
# Bread

**Flour** and __water__, `**not bold**` aside.

- one
* two
1. three

```python
# a comment, no heading
- 1
```
"""


def test_an_answer_s_form_is_counted_outside_its_code() -> None:
    assert style_features(ANSWER) == StyleFeatures(
        characters=len(ANSWER), tokens=42, headings=1, list_items=3, bold=2
    )


def test_an_empty_answer_has_no_form() -> None:
    assert style_features("") == StyleFeatures(
        characters=0, tokens=0, headings=0, list_items=0, bold=0
    )


def test_words_and_signs_are_tokens() -> None:
    assert style_features("It's 3.5 °C!").tokens == 9


def test_code_that_is_never_closed_goes_on_to_the_end() -> None:
    assert style_features("~~~\n# a\n```\n- b").headings == 0


def test_a_rule_or_a_number_is_no_list() -> None:
    assert style_features("---\n3.5 kg\n#tag\n-x").list_items == 0
