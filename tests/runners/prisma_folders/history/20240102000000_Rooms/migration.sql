-- CreateTable
CREATE TABLE "Room" ("id" TEXT NOT NULL, "courtId" TEXT NOT NULL);

-- AddForeignKey
ALTER TABLE "Room" ADD CONSTRAINT "Room_courtId_fkey" FOREIGN KEY ("courtId") REFERENCES "Court"("id") ON DELETE CASCADE ON UPDATE CASCADE;
