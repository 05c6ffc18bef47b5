CREATE SCHEMA "Quoted.Names";
CREATE TABLE "Quoted.Names"."Order" ("Id" int PRIMARY KEY, "user" text, "it's ""here""" text, "größe" numeric);
INSERT INTO "Quoted.Names"."Order" VALUES (1, 'Ada', 'x', 1.5);
INSERT INTO "Quoted.Names"."Order" ("größe", "Id", "user") VALUES (2, 2, 'Grace');
CREATE TABLE "Quoted.Names"."Line Item" (order_id int REFERENCES "Quoted.Names"."Order" ("Id"), "select" text);
INSERT INTO "Quoted.Names"."Line Item" SELECT "Id", "user" FROM "Quoted.Names"."Order";
UPDATE "Quoted.Names"."Order" SET "user" = upper("user");
