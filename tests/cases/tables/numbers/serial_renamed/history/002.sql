ALTER TABLE serial_renamed.t RENAME TO u;
