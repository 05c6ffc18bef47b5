CREATE TABLE "courts" ("id" serial PRIMARY KEY NOT NULL);
--> statement-breakpoint
CREATE INDEX "courts_id" ON "courts" ("id");
