ALTER TABLE renamed_column.t RENAME COLUMN value TO "Value";
ALTER TABLE renamed_column.t RENAME b TO label;
