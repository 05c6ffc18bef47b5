DROP INDEX courts_name;
