ALTER TABLE constraint_renamed.t RENAME CONSTRAINT t_b_check TO positive;
ALTER TABLE constraint_renamed.t RENAME CONSTRAINT once TO "Only once";
