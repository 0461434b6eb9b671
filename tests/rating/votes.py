"""Any votes among seven contestants, for properties that hold for all of them."""

from hypothesis import strategies as st

from evaluations.rating.tallies import OUTCOMES

NAMES = st.sampled_from("abcdefg")
VOTES = st.lists(
    st.tuples(NAMES, NAMES, st.sampled_from(OUTCOMES), st.integers(1, 60)).filter(
        lambda row: row[0] != row[1]
    ),
    max_size=30,
)
