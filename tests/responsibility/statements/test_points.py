"""Points are never below nothing nor above the item, sums agree, and all of it equals a slow plain way."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from responsibility.statements.points import Edge, Total, band, points_for, total
from responsibility.statements.queries import ranks

hundredths = st.integers(0, 10_000).map(lambda n: Decimal(n) / 100)
steps = st.integers(1, 2_000).map(lambda n: Decimal(n) / 100)
points = st.integers(1, 100)


def slowly(value, most, target, step, per_step, higher):
    """Take a step off at a time, as long as a whole one is missing and there is something left."""
    left, short = Decimal(most), (target - value if higher else value - target)
    while short >= step and left > 0:
        short, left = short - step, left - per_step
    return max(left, Decimal())


@given(hundredths, points, hundredths, steps, steps, st.booleans())
def test_points_stay_within_the_item_and_equal_the_slow_way(value, most, target, step, per_step, higher):
    got = points_for(value, points=most, target=target, step=step, per_step=per_step, is_higher_better=higher)
    assert 0 <= got <= most
    assert got == slowly(value, most, target, step, per_step, higher)


@given(hundredths, hundredths, points, hundredths, steps, steps)
def test_a_better_figure_never_has_fewer_points(a, b, most, target, step, per_step):
    rule = {"points": most, "target": target, "step": step, "per_step": per_step}
    assert points_for(max(a, b), **rule) >= points_for(min(a, b), **rule)


def test_a_step_counts_when_it_is_whole():
    rule = {"points": 20, "target": Decimal(95), "step": Decimal(1), "per_step": Decimal(2)}
    found = [points_for(Decimal(v), **rule) for v in ("95", "94.01", "94", "93.5", "90", "0", "100")]
    assert found == [20, 20, 18, 18, 10, 0, 20]


lines = st.lists(
    st.integers(1, 100).flatmap(
        lambda most: st.tuples(
            st.just(most),
            st.none() | st.integers(0, most * 100).map(lambda n: Decimal(n) / 100),
            st.booleans(),
        )
    ),
    max_size=8,
)


@given(lines)
def test_a_total_is_the_sum_of_what_is_scored(rows):
    found = total(rows)
    scored = [(most, got) for most, got, _veto in rows if got is not None]
    assert found.points == sum(got for _most, got in scored)
    assert found.possible == sum(most for most, _got in scored)
    assert 0 <= found.points <= found.possible
    assert (found.rate is None) == (found.possible == 0)
    if found.rate is not None:
        assert 0 <= found.rate <= 100
        assert 0 <= found.points * 100 / found.possible - found.rate < Decimal("0.01")
    assert found.is_vetoed == any(veto for _most, _got, veto in rows)


EDGES = [Edge(Decimal(at), code) for at, code in ((0, "fail"), (60, "pass"), (80, "good"), (90, "excellent"))]


def banded(rate, is_vetoed=False):
    return band(Total(Decimal(), 100, rate if rate is None else Decimal(rate), is_vetoed), EDGES)


def test_bands_begin_with_their_own_points():
    rates = ("0", "59.99", "60", "79.99", "80", "89.99", "90", "100")
    assert [banded(rate) for rate in rates] == [
        *("fail", "fail", "pass", "pass", "good", "good", "excellent", "excellent")
    ]


def test_a_veto_goes_before_points_and_nothing_scored_has_no_band():
    assert (banded("100", is_vetoed=True), banded(None), banded(None, is_vetoed=True)) == (
        "vetoed",
        "",
        "vetoed",
    )


@given(st.dictionaries(st.integers(), hundredths, max_size=20))
def test_ties_share_a_rank_and_the_next_counts_all_before_it(rates):
    found = ranks(rates)
    for key, rate in rates.items():
        assert found[key] == 1 + sum(other > rate for other in rates.values())
