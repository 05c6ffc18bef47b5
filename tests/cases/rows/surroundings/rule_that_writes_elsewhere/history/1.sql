CREATE SCHEMA rule_that_writes_elsewhere;
CREATE TABLE rule_that_writes_elsewhere.seats (id int PRIMARY KEY, taken_by text);
CREATE TABLE rule_that_writes_elsewhere.log (seat int, told text);
INSERT INTO rule_that_writes_elsewhere.seats VALUES (1, 'Ada');
CREATE RULE tell AS ON INSERT TO rule_that_writes_elsewhere.seats
    DO ALSO INSERT INTO rule_that_writes_elsewhere.log VALUES (NEW.id, 'taken by ' || NEW.taken_by);
INSERT INTO rule_that_writes_elsewhere.seats VALUES (2, 'Grace');
