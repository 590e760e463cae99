"""Files of series: what is read, what is refused and where, what comes out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leadline.errors import InputError
from tools.forecast_file import (
    HORIZONS,
    SEASONS,
    as_csv,
    as_json,
    by_frequency,
    frequency_of,
    read_series,
    run_file,
)


def lines(count: int = 2, months: int = 30, freq: str = "MS") -> pd.DataFrame:
    r = np.random.default_rng(3)
    ds = pd.date_range("2021-01-01", periods=months, freq=freq)
    parts = [
        pd.DataFrame({"unique_id": f"s{i}", "ds": ds, "y": 50 + 5 * i + r.normal(0, 3, months)})
        for i in range(count)
    ]
    return pd.concat(parts, ignore_index=True)


def written(folder: Path, frame: pd.DataFrame, name: str = "x.csv") -> Path:
    path = folder / name
    if name.endswith("parquet"):
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False)
    return path


class TestReading:
    @pytest.mark.parametrize("name", ["x.csv", "x.parquet"])
    def test_csv_and_parquet_give_the_same(self, tmp_path: Path, name: str) -> None:
        frame = lines()
        read = read_series(written(tmp_path, frame, name))
        pd.testing.assert_frame_equal(read, frame, check_dtype=False)

    def test_a_file_of_one_series_needs_no_name(self, tmp_path: Path) -> None:
        path = written(tmp_path, lines(1).drop(columns="unique_id"), "sales.csv")
        assert set(read_series(path)["unique_id"]) == {"sales"}

    def test_names_that_are_numbers_stay_texts(self, tmp_path: Path) -> None:
        path = written(tmp_path, lines(1).assign(unique_id="007"))
        assert set(read_series(path)["unique_id"]) == {"007"}

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("unique_id,ds\na,2024-01-01\n", r"lacks the column\(s\) y; it has unique_id, ds"),
            ("unique_id,ds,y\n", "holds no row"),
            (
                "unique_id,ds,y\na,2024-01-01,1\na,yesterday,2\n",
                "row 3 .*ds 'yesterday' is no date",
            ),
            ("unique_id,ds,y\na,2024-01-01,many\n", "row 2 .*y 'many' is no number"),
        ],
    )
    def test_what_cannot_be_read_is_named(self, tmp_path: Path, text: str, message: str) -> None:
        path = tmp_path / "x.csv"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=message):
            read_series(path)

    def test_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="is no file"):
            read_series(tmp_path / "nothing.csv")


class TestDefaults:
    @pytest.mark.parametrize(
        ("freq", "season", "horizon"),
        [("MS", 12, 12), ("ME", 12, 12), ("QS-OCT", 4, 4), ("W-MON", 52, 13), ("D", 7, 14),
         ("YS", 1, 3), ("h", 24, 24), ("10min", 1, 12)],
    )  # fmt: skip
    def test_follow_from_the_frequency(self, freq: str, season: int, horizon: int) -> None:
        assert by_frequency(freq, SEASONS, 1) == season
        assert by_frequency(freq, HORIZONS, 12) == horizon

    @pytest.mark.parametrize("freq", ["MS", "W-MON", "D", "QS-OCT"])
    def test_the_frequency_is_found(self, freq: str) -> None:
        assert frequency_of(lines(freq=freq)) == freq

    def test_dates_without_rhythm_are_refused(self) -> None:
        frame = lines(1, 4).assign(
            ds=pd.to_datetime(["2024-01-01", "2024-01-05", "2024-02-11", "2024-02-12"])
        )
        with pytest.raises(InputError, match="follow no frequency"):
            frequency_of(frame)


class TestOutput:
    def test_series_without_a_value_are_left_out_and_counted(self) -> None:
        said: list[str] = []
        frame = pd.concat([lines(1), lines(1).assign(unique_id="empty", y=np.nan)])
        made = run_file(
            frame,
            freq="MS",
            season=12,
            horizon=1,
            levels=(80,),
            fill="auto",
            seed=0,
            n_jobs=1,
            progress=said.append,
        )
        assert made.panel.ids == ("s0",)
        assert said[0] == "1 series without any value are left out"

    def test_csv_and_json_say_the_same(self) -> None:
        made = run_file(
            lines(),
            freq=None,
            season=None,
            horizon=2,
            levels=(80,),
            fill="auto",
            seed=0,
            n_jobs=1,
            progress=lambda _line: None,
        )
        rows = as_csv(made).splitlines()
        assert rows[0] == "unique_id,ds,forecast,lo-80,hi-80,class,method,backtest_wape"
        assert len(rows) == 5
        body = json.loads(as_json(made))
        assert (body["series"], body["freq"], body["season"]) == (2, "MS", 12)
        assert [row["ds"] for row in body["forecasts"]] == ["2023-07-01", "2023-08-01"] * 2
        first = body["forecasts"][0]
        assert rows[1].split(",")[2] == f"{first['forecast']:g}"
        assert any(entry["chosen"] for entry in body["errors"])
        # The mean of 30 draws around 50 ± 3.
        assert first["forecast"] == pytest.approx(50, abs=6)
