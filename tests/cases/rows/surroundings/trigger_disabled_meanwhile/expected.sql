INSERT INTO trigger_disabled_meanwhile.rates VALUES ('A', 1);

INSERT INTO trigger_disabled_meanwhile.rates VALUES ('B', 2);

INSERT INTO trigger_disabled_meanwhile.history (code, rate) VALUES
    ('A', 1),
    ('B', 3);

UPDATE trigger_disabled_meanwhile.rates SET rate = 3 WHERE code = 'B';
