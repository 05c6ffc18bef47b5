ALTER TABLE "rooms" ADD COLUMN "name" text;
