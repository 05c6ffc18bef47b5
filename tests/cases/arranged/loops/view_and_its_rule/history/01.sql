CREATE SCHEMA view_and_its_rule;
CREATE TABLE view_and_its_rule.item (id integer PRIMARY KEY, price integer);
CREATE VIEW view_and_its_rule.offer AS SELECT id, price FROM view_and_its_rule.item;
CREATE TABLE view_and_its_rule.asked (id integer, price integer);
CREATE RULE ask AS ON INSERT TO view_and_its_rule.offer DO INSTEAD
    INSERT INTO view_and_its_rule.asked VALUES (NEW.id, NEW.price);
