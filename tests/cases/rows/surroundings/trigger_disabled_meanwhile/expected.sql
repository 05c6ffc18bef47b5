INSERT INTO trigger_disabled_meanwhile.rates VALUES ('A', 1);

INSERT INTO trigger_disabled_meanwhile.rates VALUES ('B', 3);

INSERT INTO trigger_disabled_meanwhile.history (code, rate) VALUES
    ('A', 1),
    ('B', 3);
