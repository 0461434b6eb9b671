import pytest

from evaluations.providers.house.solving.registry import solve
from evaluations.providers.house.solving.solution import Unsolvable

SOLVED = [
    ("What is 12 * (3 + 4)?", "84"),
    ("What is 17 times 23?", "391"),
    ("What is 100 - 36 / 4?", "91"),
    ("Calculate 2^10.", "1,024"),
    ("What is 2 to the power of 3 plus 1?", "9"),
    ("sqrt(144) + 6", "18"),
    ("What is the square root of 2?", "≈ 1.41421"),
    ("What is 0.1 + 0.2?", "0.3"),
    ("5!", "120"),
    ("What is 3/4 + 1/6?", "11/12 ≈ 0.916667"),
    ("What is -7 + 3?", "-4"),
    ("17 mod 5", "2"),
    ("What is 1,250 divided by 5?", "250"),
    ("What is 15% of 80?", "12"),
    ("Was sind 15 % von 80?", "12"),
    ("30 is what percent of 120?", "25 %"),
    ("What percentage of 80 is 20?", "25 %"),
    ("Increase 200 by 10%.", "220"),
    ("What is the percent change from 50 to 65?", "30 % increase"),
    ("Solve 3x + 5 = 20.", "x = 5"),
    ("Solve x^2 - 5x + 6 = 0", "x = 2 or x = 3"),
    ("solve 2(x - 1) = x + 7 for x", "x = 9"),
    ("x^2 + 1 = 0", "there is no real solution"),
    ("y² = 2", "y ≈ -1.41421 or y ≈ 1.41421"),
    ("x + 1 = x", "there is no solution"),
    ("A train travels 180 km in 2.5 hours. What is its average speed?", "72 km/h"),
    ("Ein Zug fährt 240 km in 3 Stunden. Wie groß ist die Geschwindigkeit?", "80 km/h"),
    ("How far does a car go in 2 hours 30 minutes at 60 km/h?", "150 kilometres"),
    ("How long does it take to cover 150 km at 60 km/h?", "2 hours 30 minutes"),
    ("Three painters need 6 hours. How long do nine painters need?", "2 hours"),
    ("5 apples cost 2 euros. How much do 8 apples cost?", "3.2 euros"),
    ("A recipe for 4 people needs 300 g of flour. How much for 7 people?", "525 g"),
    ("A car uses 7 litres per 100 km. How much for 350 km?", "24.5 litres"),
    ("Anna has 5 apples, buys 7 more and gives 3 away. How many?", "9 apples"),
    ("What is the average of 3, 5 and 10?", "6"),
    ("What is the median of 4, 1, 9, 7?", "5.5"),
    ("What is the sum of the numbers from 1 to 100?", "5,050"),
    ("What is the sum of the odd numbers from 1 to 10?", "25"),
    ("What is the sum of the even numbers from 1 to 10?", "30"),
    ("greatest common divisor of 84 and 36", "12"),
    ("lcm of 4, 6 and 10", "60"),
    ("Is 97 a prime number?", "yes, 97 is a prime number"),
    ("Is 91 prime?", "no, 91 is not a prime number"),
    ("Prime factors of 360", "360 = 2 × 2 × 2 × 3 × 3 × 5"),
    ("Area of a circle with radius 3 cm", "≈ 28.2743 cm²"),
    ("A right triangle has legs of 3 and 4. How long is the hypotenuse?", "5"),
    ("Perimeter of a rectangle 5 m by 3 m", "16 m"),
    ("1000 euros at 5% compound interest for 3 years", "1,157.63 (interest 157.63)"),
    ("Chance of a sum of 7 with two dice?", "1/6 (about 16.67 %)"),
    ("How many ways are there to choose 3 out of 10?", "120 ways"),
    ("What comes next: 2, 4, 8, 16?", "32"),
    ("What comes next in 3, 6, 11, 18, 27?", "38"),
    ("1, 1, 2, 3, 5, 8: continue the sequence", "13"),
    ("Hens and rabbits: 20 heads and 56 legs.", "8 rabbits and 12 hens"),
    ("If the day after tomorrow is Sunday, what day was yesterday?", "Thursday"),
    ("What day is it 100 days after a Monday?", "Wednesday"),
    ("Convert 5 miles to km", "8.04672 km"),
    ("How many inches are in 3 feet?", "36 inches"),
    ("Convert 350 °F to Celsius", "176.7 °C"),
    ("What is -40 C in F?", "-40 °F"),
    ("How many seconds are in 2 hours 15 minutes?", "8,100 seconds"),
    ("Wie viele Minuten sind 3 Stunden?", "180 Minuten"),
    ("Split a bill of 84 euros between 4 people.", "21 euros each"),
]

REFUSED = [
    ("7 / 0", "division by zero"),
    ("0 ** -1", "division by zero"),
    ("9^999999", "too large"),
    ("99999^99999^99999", "too large"),
    ("999999999^999", "too large"),
    ("2^999 * 2^999", "too large"),
    ("2000!", "factorial"),
    ("sqrt(2 - 6)", "negative"),
    ("x^3 = 8", "second degree"),
    ("1" * 60 + " + 1", "40 digits"),
]

NOT_SUMS = [
    "Write a poem about 3 cats",
    "The meeting is on 2026-01-31 for 10-12 people",
    "Why is the sky blue?",
    "",
]


@pytest.mark.parametrize(("question", "result"), SOLVED)
def test_a_question_that_can_be_worked_out_is(question: str, result: str) -> None:
    solution = solve(question)

    assert solution is not None
    assert solution.result == result
    assert solution.steps


@pytest.mark.parametrize(("question", "reason"), REFUSED)
def test_what_stays_out_of_reach_is_refused_with_the_reason(
    question: str, reason: str
) -> None:
    with pytest.raises(Unsolvable, match=reason):
        solve(question)


@pytest.mark.parametrize("text", NOT_SUMS)
def test_numbers_alone_do_not_make_a_sum(text: str) -> None:
    assert solve(text) is None


def test_two_discounts_are_applied_one_after_the_other() -> None:
    solution = solve(
        "A jacket costs 80 euros, is reduced by 25% and then by another 10%. "
        "Is that the same as 35% off?"
    )

    assert solution is not None
    assert solution.result.startswith("54 (altogether 32.5 % less")


def test_hands_and_work_can_both_change() -> None:
    solution = solve(
        "If 5 cats catch 5 mice in 5 minutes, how many minutes do 100 cats need "
        "for 100 mice?"
    )

    assert solution is not None
    assert solution.result == "5 minutes"


def test_two_riders_meet_where_their_ways_add_up() -> None:
    solution = solve(
        "Two cyclists start 60 km apart and ride towards each other at 12 and 18 km/h."
    )

    assert solution is not None
    assert solution.result == "they meet after 2 hours"
    assert "24 kilometres" in solution.steps[-1]


def test_a_sum_and_a_difference_give_both_prices() -> None:
    solution = solve(
        "A book and a bookmark cost 22 euros together. The book costs 20 euros more "
        "than the bookmark."
    )

    assert solution is not None
    assert solution.result == "1 for the cheaper one, 21 for the other"
