DROP TABLE orphaned.kinds CASCADE;
