ALTER TABLE odd_names."The, table" ADD COLUMN "from" text DEFAULT 'a, b)';
ALTER TABLE odd_names."The, table" RENAME "größe" TO "weiß nicht";
ALTER TABLE odd_names."The, table" DROP COLUMN "select";
