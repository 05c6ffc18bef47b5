ALTER FUNCTION named.first() RENAME TO least;
ALTER VIEW named.door RENAME TO "Door";
ALTER SEQUENCE named.numbers RENAME TO drawn;
