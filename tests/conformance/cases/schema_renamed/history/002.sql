ALTER SCHEMA schema_renamed_once RENAME TO schema_renamed_twice;
