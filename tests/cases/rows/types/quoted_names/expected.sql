INSERT INTO "Quoted.Names"."Order" VALUES (1, 'Ada', 'x', 1.5);

INSERT INTO "Quoted.Names"."Order" ("größe", "Id", "user") VALUES (2, 2, 'Grace');

INSERT INTO "Quoted.Names"."Line Item" SELECT "Id", "user" FROM "Quoted.Names"."Order";

UPDATE "Quoted.Names"."Order" SET "user" = upper("user");
