CREATE SCHEMA circular_deferred_keys;
CREATE TABLE circular_deferred_keys.husbands (id int PRIMARY KEY, wife int NOT NULL);
CREATE TABLE circular_deferred_keys.wives (
    id int PRIMARY KEY, husband int NOT NULL REFERENCES circular_deferred_keys.husbands DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE circular_deferred_keys.husbands ADD FOREIGN KEY (wife) REFERENCES circular_deferred_keys.wives DEFERRABLE INITIALLY DEFERRED;
