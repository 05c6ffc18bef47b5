INSERT INTO hundred_thousand_rows.numbers SELECT n, n::bigint * n FROM generate_series(1, 100000) AS n;
