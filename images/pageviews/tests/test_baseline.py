import json
from pathlib import Path

import pytest

from pageviews import frame, synthetic
from pageviews.baseline import Row, as_table, compare
from pageviews.cli import main


@pytest.fixture(scope="module")
def generated() -> list[Row]:
    return compare(None, seeds=5)


def test_seasonal_views_are_forecast_at_least_a_tenth_better_than_by_the_week_before(generated: list[Row]) -> None:
    seasonal = [row for row in generated if row.data == "seasonal"]
    assert [row.seed for row in seasonal] == [0, 1, 2, 3, 4]
    assert all(row.mae <= 0.9 * row.baseline_mae for row in seasonal), as_table(seasonal)
    assert all(row.promoted for row in seasonal), as_table(seasonal)


def test_on_a_random_walk_the_gate_refuses_every_model(generated: list[Row]) -> None:
    walks = [row for row in generated if row.data == "random walk"]
    assert [row.seed for row in walks] == [0, 1, 2, 3, 4]
    assert not any(row.promoted for row in walks), as_table(walks)


def test_the_table_has_a_line_for_each_comparison(generated: list[Row]) -> None:
    lines = as_table(generated).splitlines()
    assert lines[0] == "Mean absolute error in views a day, 7 days ahead, on the last 28 days"
    assert [line.split()[-1] for line in lines[3:]] == ["promoted"] * 5 + ["refused"] * 5


def test_given_views_are_compared_by_the_same_command(
    generated: list[Row], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "views.csv"
    given.write_bytes(frame.to_csv(synthetic.seasonal(0)))
    assert main(["baseline", "--data", str(given), "--seeds", "1", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["holdout_days"], printed["horizon_days"]) == (28, 7)
    [row] = printed["comparisons"]
    assert row["mae"] == pytest.approx(generated[0].mae)
    assert row["baseline_mae"] == pytest.approx(generated[0].baseline_mae)
