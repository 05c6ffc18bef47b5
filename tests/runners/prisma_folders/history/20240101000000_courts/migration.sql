-- CreateTable
CREATE TABLE "Court" (
    "id" TEXT NOT NULL,

    CONSTRAINT "Court_pkey" PRIMARY KEY ("id")
);
