ALTER TABLE table_renamed.t RENAME TO "The table";
