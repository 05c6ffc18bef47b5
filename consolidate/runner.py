"""The runners whose conventions are known, by name; it imports nothing, so that help is quick."""

from __future__ import annotations

from enum import StrEnum


class Runner(StrEnum):
    """Whose conventions the legacy folder follows."""

    PLAIN = "plain"
    SUPABASE = "supabase"
    SQITCH = "sqitch"
    PRISMA = "prisma"
    HASURA = "hasura"
    DIESEL = "diesel"
    DRIZZLE = "drizzle"
    GRAPHILE_MIGRATE = "graphile-migrate"
    SQLX = "sqlx"
    GOLANG_MIGRATE = "golang-migrate"
    FLYWAY = "flyway"
    GOOSE = "goose"
    DBMATE = "dbmate"
    SQL_MIGRATE = "sql-migrate"
    NODE_PG_MIGRATE = "node-pg-migrate"
    TERN = "tern"
