-- paper forms share ONE running number (tickets now, key orders later)
CREATE SEQUENCE form_number_seq START WITH 1001;
COMMENT ON SEQUENCE form_number_seq IS 'one number range for all paper forms';

ALTER TABLE tickets ADD COLUMN form_no bigint NOT NULL DEFAULT nextval('form_number_seq');
ALTER TABLE tickets ADD CONSTRAINT tickets_form_no_key UNIQUE (form_no);
