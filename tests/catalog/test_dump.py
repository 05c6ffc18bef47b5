"""The dump witness: what normalising takes away and keeps, and how entries are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import psycopg
import pytest

from consolidate.catalog import dump
from consolidate.model import Difference, DifferenceKind
from consolidate.servers.interface import Cluster

if TYPE_CHECKING:
    from consolidate.catalog.dump import Entry

Database: TypeAlias = Callable[[int], tuple[Cluster, str]]
Dumped: TypeAlias = Callable[[str], str]

LOOK_ALIKE = """
--
-- TOC entry 999 (class 1259 OID 99999)
-- Dependencies: 1 2
-- Name: fake; Type: TABLE; Schema: public; Owner: postgres
-- Data Pos: 0
--

SET search_path = nowhere;
\\connect elsewhere

/* x */
"""

SCHEMA = f"""
SET check_function_bodies = off;
CREATE SCHEMA "App S";
CREATE TABLE buildings (id serial PRIMARY KEY, name text UNIQUE, note text DEFAULT '-- Name: a;');
CREATE TABLE rooms (
    id uuid PRIMARY KEY,
    building int REFERENCES buildings,
    n int GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT positive CHECK (n > 0));
CREATE TABLE "App S"."We""ird; Type: x" (a text) WITH (fillfactor = 70);
CREATE TABLE log (a int, b text) PARTITION BY RANGE (a);
CREATE TABLE log_low PARTITION OF log FOR VALUES FROM (1) TO (10);
CREATE INDEX log_a ON log (a);
CREATE FUNCTION check_row() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN{LOOK_ALIKE}
  RETURN NEW; -- as it is
END$body$;
CREATE FUNCTION atomic(int) RETURNS int LANGUAGE sql BEGIN ATOMIC
    SELECT CASE WHEN $1 > 0 THEN 1 ELSE 2 END; SELECT 2; END;
CREATE TRIGGER t BEFORE INSERT ON rooms FOR EACH ROW EXECUTE FUNCTION check_row();
ALTER TABLE rooms ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON rooms USING (true);
COMMENT ON TABLE rooms IS 'first{LOOK_ALIKE}last';
COMMENT ON COLUMN rooms.n IS 'counts';
CREATE PUBLICATION pub FOR TABLE rooms;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC;
GRANT INSERT ON rooms TO PUBLIC;
"""


@pytest.fixture
def dumped(database: Database) -> Dumped:
    """Dumps a fresh database on 18 after some SQL, normalised."""

    def run(sql: str) -> str:
        cluster, name = database(18)
        with psycopg.connect(cluster.dsn(name), autocommit=True) as connection:
            connection.execute(sql)
        return dump.schema_dump(cluster, name)

    return run


def read_entries(cluster: Cluster, name: str, sql: str) -> tuple[Entry, ...]:
    with psycopg.connect(cluster.dsn(name), autocommit=True) as connection:
        connection.execute(sql)
    return dump.entries(cluster, name)


def header(name: str, type_: str = "TABLE", schema: str = "public") -> str:
    return f"--\n-- Name: {name}; Type: {type_}; Schema: {schema}; Owner: me\n--\n\n"


def short(differences: tuple[Difference, ...]) -> list[tuple[str, str | None, str | None]]:
    return [(d.object.identity, d.left, d.right) for d in differences]


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        pytest.param("-- Dumped by pg_dump version 18.4\n\n\n", "", id="version lines go"),
        pytest.param(
            "\\restrict abc\n\nSET lock_timeout = 0;\n\n\\unrestrict abc\n",
            "",
            id="psql lines and settings go",
        ),
        pytest.param(
            "SELECT pg_catalog.set_config('search_path', '', false);\n", "", id="set_config goes"
        ),
        pytest.param(
            header("t") + "CREATE TABLE public.t (\n    a integer\n);\n\n\n"
            "ALTER TABLE public.t OWNER TO me;\n\nSET default_tablespace = '';\n",
            "-- Name: t; Type: TABLE; Schema: public\n"
            "CREATE TABLE public.t (\n    a integer\n);\nALTER TABLE public.t OWNER TO me;\n",
            id="blank lines and settings between entries go",
        ),
        pytest.param(
            header("f()", "FUNCTION") + f"CREATE FUNCTION public.f() AS $_${LOOK_ALIKE}$$;$_$;\n",
            "-- Name: f(); Type: FUNCTION; Schema: public\n"
            f"CREATE FUNCTION public.f() AS $_${LOOK_ALIKE}$$;$_$;\n",
            id="a dollar-quoted body stays",
        ),
        pytest.param(
            header("TABLE t", "COMMENT") + f"COMMENT ON TABLE t IS 'it''s{LOOK_ALIKE}';\n",
            "-- Name: TABLE t; Type: COMMENT; Schema: public\n"
            f"COMMENT ON TABLE t IS 'it''s{LOOK_ALIKE}';\n",
            id="a string stays",
        ),
        pytest.param(
            header("v", "VIEW") + "CREATE VIEW v AS\n SELECT E'a\\'--b' AS \"x\n\n--y\";\n",
            "-- Name: v; Type: VIEW; Schema: public\n"
            "CREATE VIEW v AS\n SELECT E'a\\'--b' AS \"x\n\n--y\";\n",
            id="escapes and quoted names stay",
        ),
        pytest.param(
            header("TABLE t", "ACL") + "GRANT SELECT ON t TO b;\nGRANT ALL ON t TO a;\n",
            "-- Name: TABLE t; Type: ACL; Schema: public\n"
            "GRANT ALL ON t TO a;\nGRANT SELECT ON t TO b;\n",
            id="grants are sorted",
        ),
        pytest.param(
            header("TABLE t", "ACL") + "SET SESSION AUTHORIZATION z;\nGRANT SELECT ON t TO b;\n"
            "RESET SESSION AUTHORIZATION;\nGRANT ALL ON t TO a;\n",
            "-- Name: TABLE t; Type: ACL; Schema: public\n"
            "GRANT ALL ON t TO a;\nSET SESSION AUTHORIZATION z;\nGRANT SELECT ON t TO b;\n"
            "RESET SESSION AUTHORIZATION;\n",
            id="a grant keeps its grantor",
        ),
        pytest.param(
            header("t") + "CREATE TABLE t (\n    b integer,\n    a integer\n)\n"
            "WITH (fillfactor='70', autovacuum_enabled='x, (y');\n",
            "-- Name: t; Type: TABLE; Schema: public\n"
            "CREATE TABLE t (\n    b integer,\n    a integer\n)\n"
            "WITH (autovacuum_enabled='x, (y', fillfactor='70');\n",
            id="options are sorted and columns are not",
        ),
        pytest.param(
            header("t p", "POLICY") + 'CREATE POLICY "TO" ON t TO z, "TO, A", b USING ((a = 1));\n',
            "-- Name: t p; Type: POLICY; Schema: public\n"
            'CREATE POLICY "TO" ON t TO "TO, A", b, z USING ((a = 1));\n',
            id="a policy's roles are sorted",
        ),
        pytest.param(
            header("t p", "POLICY") + "CREATE POLICY p ON t FOR SELECT TO z, b;\n"
            "CREATE POLICY q ON t USING ((a = (1)));\n",
            "-- Name: t p; Type: POLICY; Schema: public\n"
            "CREATE POLICY p ON t FOR SELECT TO b, z;\nCREATE POLICY q ON t USING ((a = (1)));\n",
            id="a policy may end with its roles or have none",
        ),
        pytest.param(
            header("e", "EVENT TRIGGER", "-") + "CREATE EVENT TRIGGER e ON sql_drop\n"
            "         WHEN TAG IN ('DROP TABLE', 'ALTER TABLE')\n   EXECUTE FUNCTION f();\n",
            "-- Name: e; Type: EVENT TRIGGER; Schema: -\n"
            "CREATE EVENT TRIGGER e ON sql_drop\n"
            "         WHEN TAG IN ('ALTER TABLE', 'DROP TABLE')\n   EXECUTE FUNCTION f();\n",
            id="an event trigger's tags are sorted",
        ),
        pytest.param(
            header("f()", "FUNCTION") + "CREATE FUNCTION f(b text DEFAULT '\n    SET z TO 1') "
            "RETURNS int\n    LANGUAGE sql\n    SET work_mem TO '1MB'\n    SET jit TO 'off'\n"
            "    AS $$\n    SET b TO 1;\n    SET a TO 1;$$;\nALTER FUNCTION f(text) OWNER TO me;\n",
            "-- Name: f(); Type: FUNCTION; Schema: public\n"
            "CREATE FUNCTION f(b text DEFAULT '\n    SET z TO 1') "
            "RETURNS int\n    LANGUAGE sql\n    SET jit TO 'off'\n    SET work_mem TO '1MB'\n"
            "    AS $$\n    SET b TO 1;\n    SET a TO 1;$$;\nALTER FUNCTION f(text) OWNER TO me;\n",
            id="a function's settings are sorted and its body is not",
        ),
        pytest.param(
            header("t") + "ALTER TABLE ONLY t ALTER COLUMN c SET (n_distinct=5, a=1);\n",
            "-- Name: t; Type: TABLE; Schema: public\n"
            "ALTER TABLE ONLY t ALTER COLUMN c SET (a=1, n_distinct=5);\n",
            id="column options are sorted",
        ),
        pytest.param(
            header("r", "RULE")
            + "CREATE RULE r AS DO ( UPDATE t SET (b, a) = (SELECT 1, 2);\n);\n",
            "-- Name: r; Type: RULE; Schema: public\n"
            "CREATE RULE r AS DO ( UPDATE t SET (b, a) = (SELECT 1, 2);\n);\n",
            id="a row that is assigned is not sorted",
        ),
        pytest.param(
            header("My db", "DATABASE", "-")
            + 'CREATE DATABASE "My db" WITH TEMPLATE = x;\n\n'
            + header("My db", "DATABASE PROPERTIES", "-")
            + "ALTER DATABASE \"My db\" SET b TO '1';\n"
            "ALTER DATABASE \"My db\" SET a TO 'My db';\n",
            "-- Name: the_database; Type: DATABASE; Schema: -\n"
            "CREATE DATABASE the_database WITH TEMPLATE = x;\n"
            "-- Name: the_database; Type: DATABASE PROPERTIES; Schema: -\n"
            "ALTER DATABASE the_database SET a TO 'My db';\n"
            "ALTER DATABASE the_database SET b TO '1';\n",
            id="the database has a fixed name and sorted settings",
        ),
        pytest.param(
            header("DATABASE d", "COMMENT", "-") + "COMMENT ON DATABASE d IS 'd';\n",
            "-- Name: DATABASE the_database; Type: COMMENT; Schema: -\n"
            "COMMENT ON DATABASE the_database IS 'd';\n",
            id="comments on the database have its fixed name",
        ),
        pytest.param(
            header("d") + "CREATE TABLE public.d (\n    d text DEFAULT 'DATABASE d'::text\n);\n",
            "-- Name: d; Type: TABLE; Schema: public\n"
            "CREATE TABLE public.d (\n    d text DEFAULT 'DATABASE d'::text\n);\n",
            id="a table that is called like the database keeps its name",
        ),
        pytest.param(
            "--\n-- Roles\n--\n\nCREATE ROLE b;\nALTER ROLE b WITH LOGIN;\nCREATE ROLE a;\n\n"
            "ALTER ROLE b SET z TO '1';\nGRANT a TO b WITH INHERIT TRUE GRANTED BY p;\n",
            "-- Name: a; Type: ROLE; Schema: -\nCREATE ROLE a;\n"
            "-- Name: b; Type: ROLE; Schema: -\n"
            "ALTER ROLE b SET z TO '1';\nALTER ROLE b WITH LOGIN;\nCREATE ROLE b;\n"
            "-- Name: a; Type: ROLE MEMBERSHIP; Schema: -\n"
            "GRANT a TO b WITH INHERIT TRUE GRANTED BY p;\n",
            id="statements on roles are put together",
        ),
        pytest.param(
            "SET default_table_access_method = other;\n\n" + header("t") + "CREATE TABLE t ();\n"
            "SET default_table_access_method = heap;\n\n" + header("u") + "CREATE TABLE u ();\n",
            "-- Name: t; Type: TABLE; Schema: public; Access method: other\nCREATE TABLE t ();\n"
            "-- Name: u; Type: TABLE; Schema: public\nCREATE TABLE u ();\n",
            id="an access method moves into the header",
        ),
    ],
)
def test_normalising(raw: str, normal: str) -> None:
    assert dump.normalise(raw) == normal
    assert dump.normalise(normal) == normal


def test_equal_dumps_do_not_differ_and_the_order_of_entries_is_no_difference() -> None:
    one = header("t") + "CREATE TABLE t ();\n"
    two = header("u") + "CREATE TABLE u ();\n"
    assert dump.compare(dump.normalise(one + two), dump.normalise(two + one)) == ()


def test_a_difference_shows_the_lines_that_differ() -> None:
    left = dump.normalise(header("t") + "CREATE TABLE t (\n    a integer,\n    b text\n);\n")
    right = left.replace("b text", "b bytea")
    (found,) = dump.compare(left, right)
    assert str(found) == "changed  dump TABLE public.t · text: b text → b bytea"
    assert short(dump.compare(left, left.replace(",\n    b text", ""))) == [
        ("TABLE public.t", "a integer, ⏎ b text", "a integer")
    ]


def test_missing_and_extra_entries_are_named() -> None:
    left = dump.normalise(header("t") + "CREATE TABLE t ();\n")
    right = dump.normalise(header("rooms t_fk", "FK CONSTRAINT") + "ALTER TABLE rooms;\n")
    assert [(d.kind, d.object.identity, d.left, d.right) for d in dump.compare(left, right)] == [
        (DifferenceKind.EXTRA, "FK CONSTRAINT public.rooms t_fk", None, "ALTER TABLE rooms;"),
        (DifferenceKind.MISSING, "TABLE public.t", "CREATE TABLE t ();", None),
    ]


def test_swapped_columns_differ() -> None:
    left = dump.normalise(header("t") + "CREATE TABLE t (\n    a text,\n    b text\n);\n")
    right = dump.normalise(header("t") + "CREATE TABLE t (\n    b text,\n    a text\n);\n")
    assert [d.object.identity for d in dump.compare(left, right)] == ["TABLE public.t"]


def test_long_differences_are_cut() -> None:
    body = "".join(f"    c{n} integer,\n" for n in range(30))
    left = dump.normalise(header("t") + f"CREATE TABLE t (\n{body});\n")
    (found,) = dump.compare(left, dump.normalise(header("t") + "CREATE TABLE t (\n);\n"))
    assert found.left is not None
    assert found.left.startswith("c0 integer, ⏎ c1 integer,")
    assert found.left.endswith("… and 24 more lines")
    assert found.right == "(no such line)"


def test_passwords_compare_but_are_never_shown() -> None:
    left = dump.normalise("CREATE ROLE a;\nALTER ROLE a WITH LOGIN PASSWORD 'md5abc';\n")
    changed = dump.compare(left, left.replace("md5abc", "md5xyz"))
    assert short(changed) == [
        (
            "ROLE a",
            "ALTER ROLE a WITH LOGIN PASSWORD '…';",
            "ALTER ROLE a WITH LOGIN PASSWORD '…'; (another password)",
        )
    ]
    both = dump.compare(left, left.replace("md5abc", "md5xyz").replace("LOGIN", "NOLOGIN"))
    missing = dump.compare(left, "")
    assert len(both) == len(missing) == 1
    assert "md5" not in f"{both}{missing}"


def test_a_column_called_password_is_no_secret() -> None:
    left = dump.normalise(header("t") + "CREATE TABLE t (\n    password text\n);\n")
    (found,) = dump.compare(left, left.replace("password text", "password bytea"))
    assert (found.left, found.right) == ("password text", "password bytea")


@pytest.mark.pg
@pytest.mark.parametrize("major", [16, 18])
def test_two_databases_of_one_history_have_one_dump(database: Database, major: int) -> None:
    texts: list[str] = []
    for _ in range(2):
        cluster, name = database(major)
        with psycopg.connect(cluster.dsn(name), autocommit=True) as connection:
            connection.execute(SCHEMA)
        texts.append(dump.schema_dump(cluster, name))
    assert texts[0] == texts[1]
    assert dump.normalise(texts[0]) == texts[0]
    assert LOOK_ALIKE in texts[0]
    identities = [line for line in texts[0].splitlines() if line.startswith("-- Name: rooms")]
    assert identities == [
        "-- Name: rooms; Type: TABLE; Schema: public",
        "-- Name: rooms_n_seq; Type: SEQUENCE; Schema: public",
        "-- Name: rooms rooms_pkey; Type: CONSTRAINT; Schema: public",
        "-- Name: rooms t; Type: TRIGGER; Schema: public",
        "-- Name: rooms rooms_building_fkey; Type: FK CONSTRAINT; Schema: public",
        "-- Name: rooms p; Type: POLICY; Schema: public",
        "-- Name: rooms; Type: ROW SECURITY; Schema: public",
    ]


@pytest.mark.pg
def test_the_order_of_grants_and_options_is_no_difference(dumped: Dumped) -> None:
    one = dumped("""
        CREATE ROLE dump_a; CREATE ROLE dump_b; CREATE TABLE t (a text);
        GRANT SELECT ON t TO dump_a; GRANT SELECT ON t TO dump_b;
        ALTER TABLE t SET (fillfactor = 70); ALTER TABLE t SET (autovacuum_enabled = false);
        ALTER ROLE dump_a SET work_mem = '1MB'; ALTER ROLE dump_a SET lock_timeout = 1""")
    two = dumped("""
        CREATE TABLE t (a text) WITH (autovacuum_enabled = false, fillfactor = 70);
        GRANT SELECT ON t TO dump_b; GRANT SELECT ON t TO dump_a""")
    assert one == two
    less = dumped("CREATE TABLE t (a text) WITH (fillfactor = 70); GRANT SELECT ON t TO dump_b")
    assert [d.object.identity for d in dump.compare(one, less)] == [
        "ACL public.TABLE t",
        "TABLE public.t",
    ]


@pytest.mark.pg
@pytest.mark.parametrize(
    ("sql", "identity"),
    [
        ("ALTER TABLE rooms ALTER building TYPE bigint", "TABLE public.rooms"),
        ("ALTER POLICY p ON rooms USING (false)", "POLICY public.rooms p"),
        ("REVOKE INSERT ON rooms FROM PUBLIC", "ACL public.TABLE rooms"),
        ("COMMENT ON COLUMN rooms.n IS 'other'", "COMMENT public.COLUMN rooms.n"),
        ("ALTER TABLE rooms DISABLE TRIGGER t", "TRIGGER public.rooms t"),
        ("ALTER ROLE postgres SET work_mem = '1MB'", "ROLE postgres"),
        ("ALTER DATABASE {database} SET work_mem = '1MB'", "DATABASE PROPERTIES the_database"),
        ("COMMENT ON DATABASE {database} IS 'mine'", "COMMENT DATABASE the_database"),
        (
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT INSERT ON TABLES TO PUBLIC",
            "DEFAULT ACL public.DEFAULT PRIVILEGES FOR TABLES of postgres",
        ),
    ],
)
def test_a_change_is_found_under_its_name(database: Database, sql: str, identity: str) -> None:
    cluster, name = database(18)
    with psycopg.connect(cluster.dsn(name), autocommit=True) as connection:
        connection.execute(SCHEMA)
        before = dump.schema_dump(cluster, name)
        connection.execute(sql.format(database=name).encode())
        after = dump.schema_dump(cluster, name)
        connection.execute("ALTER ROLE postgres RESET ALL")
    assert [d.object.identity for d in dump.compare(before, after)] == [identity]


@pytest.mark.pg
def test_another_access_method_is_seen(dumped: Dumped) -> None:
    method = "CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;"
    one = dumped(method + "CREATE TABLE a (); CREATE TABLE t () USING heap2; CREATE TABLE z ()")
    two = dumped(method + "CREATE TABLE a (); CREATE TABLE t (); CREATE TABLE z ()")
    assert [d.object.identity for d in dump.compare(one, two)] == ["TABLE public.t"]


@pytest.mark.pg
@pytest.mark.parametrize("major", [16, 18])
def test_entries_are_read_with_their_identities_and_dependencies(
    database: Database, major: int
) -> None:
    cluster, name = database(major)
    found = read_entries(cluster, name, SCHEMA)
    by_tag = {(e.type, e.name): e for e in found}
    assert len(by_tag) == len({e.dump_id for e in found}) == len(found)
    with psycopg.connect(cluster.dsn(name)) as connection:
        oids = connection.execute(
            "SELECT 'rooms'::regclass::oid, 'pg_class'::regclass::oid, 'check_row'::regproc::oid"
        ).fetchone()
    assert oids is not None
    rooms = by_tag["TABLE", "rooms"]
    assert (rooms.oid, rooms.classid, rooms.schema, rooms.owner) == (
        *oids[:2],
        "public",
        "postgres",
    )
    assert by_tag["FUNCTION", "check_row()"].oid == oids[2]
    foreign_key = by_tag["FK CONSTRAINT", "rooms rooms_building_fkey"]
    assert set(foreign_key.dependencies) >= {rooms.dump_id, by_tag["TABLE", "buildings"].dump_id}
    assert set(by_tag["TRIGGER", "rooms t"].dependencies) == {
        rooms.dump_id,
        by_tag["FUNCTION", "check_row()"].dump_id,
    }
    weird = by_tag["TABLE", 'We"ird; Type: x']
    assert weird.schema == "App S"
    assert weird.dependencies == (by_tag["SCHEMA", "App S"].dump_id,)
    assert by_tag["ROW SECURITY", "rooms"].oid == oids[0]


@pytest.mark.pg
def test_every_kind_of_entry_is_there_once(database: Database) -> None:
    found = read_entries(*database(18), SCHEMA)
    assert [(e.type, e.name) for e in found] == [
        ("SCHEMA", "App S"),
        ("FUNCTION", "atomic(integer)"),
        ("FUNCTION", "check_row()"),
        ("TABLE", 'We"ird; Type: x'),
        ("TABLE", "buildings"),
        ("SEQUENCE", "buildings_id_seq"),
        ("SEQUENCE OWNED BY", "buildings_id_seq"),
        ("TABLE", "log"),
        ("TABLE", "log_low"),
        ("TABLE", "rooms"),
        ("COMMENT", "TABLE rooms"),
        ("COMMENT", "COLUMN rooms.n"),
        ("SEQUENCE", "rooms_n_seq"),
        ("TABLE ATTACH", "log_low"),
        ("DEFAULT", "buildings id"),
        ("CONSTRAINT", "buildings buildings_name_key"),
        ("CONSTRAINT", "buildings buildings_pkey"),
        ("CONSTRAINT", "rooms rooms_pkey"),
        ("INDEX", "log_a"),
        ("INDEX", "log_low_a_idx"),
        ("INDEX ATTACH", "log_low_a_idx"),
        ("TRIGGER", "rooms t"),
        ("FK CONSTRAINT", "rooms rooms_building_fkey"),
        ("POLICY", "rooms p"),
        ("ROW SECURITY", "rooms"),
        ("PUBLICATION", "pub"),
        ("PUBLICATION TABLE", "pub rooms"),
        ("ACL", "TABLE rooms"),
        ("DEFAULT ACL", "DEFAULT PRIVILEGES FOR TABLES"),
    ]


@pytest.mark.pg
def test_an_entrys_text_is_its_statements_alone(database: Database) -> None:
    texts = {(e.type, e.name): e.text for e in read_entries(*database(18), SCHEMA)}
    assert texts["TABLE", "log"] == (
        "CREATE TABLE public.log (\n    a integer,\n    b text\n)\nPARTITION BY RANGE (a);\n"
        "ALTER TABLE public.log OWNER TO postgres;"
    )
    assert texts["COMMENT", "TABLE rooms"] == (
        f"COMMENT ON TABLE public.rooms IS 'first{LOOK_ALIKE}last';"
    )
    assert f"AS $body$BEGIN{LOOK_ALIKE}" not in texts["FUNCTION", "check_row()"]
    assert f"BEGIN{LOOK_ALIKE}\n  RETURN NEW; -- as it is\nEND$" in texts["FUNCTION", "check_row()"]
    assert texts["FUNCTION", "atomic(integer)"].endswith(
        " SELECT 2;\nEND;\nALTER FUNCTION public.atomic(integer) OWNER TO postgres;"
    )
    assert texts["DEFAULT ACL", "DEFAULT PRIVILEGES FOR TABLES"] == (
        "ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT SELECT ON TABLES "
        "TO PUBLIC;"
    )


@pytest.mark.pg
def test_every_text_builds_what_it_was_read_from(database: Database) -> None:
    cluster, name = database(18)
    found = read_entries(cluster, name, SCHEMA)
    _, other = database(18)
    with psycopg.connect(cluster.dsn(other), autocommit=True) as connection:
        connection.execute("SET search_path = ''; SET check_function_bodies = off")
        for entry in found:
            connection.execute(entry.text.encode())
    assert dump.compare(dump.schema_dump(cluster, name), dump.schema_dump(cluster, other)) == ()


@pytest.mark.pg
def test_an_archive_is_printed_as_the_dump_that_it_was_not(database: Database) -> None:
    cluster, name = database(18)
    with psycopg.connect(cluster.dsn(name), autocommit=True) as connection:
        connection.execute(SCHEMA.encode())
        connection.execute(
            f"COMMENT ON DATABASE {name} IS 'rooms'; ALTER DATABASE {name} SET work_mem = '8MB'; "
            f"GRANT TEMPORARY ON DATABASE {name} TO pg_monitor".encode()
        )
    everything = cluster.tool("pg_dumpall", "-g", "--restrict-key=x")
    plain = cluster.tool("pg_dump", "-s", "-C", "--restrict-key=x", "-d", name)

    archived = dump.schema_dump(cluster, name)

    assert archived == dump.normalise(f"{everything.decode()}\n{plain.decode()}")
    assert "COMMENT ON DATABASE the_database IS 'rooms';" in archived


@pytest.mark.pg
def test_a_database_whose_name_looks_like_a_connection_string_is_dumped(
    database: Database,
) -> None:
    cluster, name = database(18)
    odd = f"host=nowhere {name}"
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{odd}"'.encode())
        try:
            assert (
                dump.compare(dump.schema_dump(cluster, name), dump.schema_dump(cluster, odd)) == ()
            )
            assert dump.entries(cluster, odd) == ()
        finally:
            connection.execute(f'DROP DATABASE "{odd}"'.encode())


@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ("ALTER TABLE ONLY public.t ALTER COLUMN a SET (pg_attver=62);\n", ""),
        (
            "ALTER TABLE ONLY public.t ALTER COLUMN a SET (pg_attver=62, n_distinct=5);\n",
            "ALTER TABLE ONLY public.t ALTER COLUMN a SET (n_distinct=5);\n",
        ),
        (
            "ALTER TABLE ONLY public.t ALTER COLUMN a SET (n_distinct=5, pg_attver=62);\n",
            "ALTER TABLE ONLY public.t ALTER COLUMN a SET (n_distinct=5);\n",
        ),
        (
            "ALTER TABLE ONLY public.pg_attver ALTER COLUMN pg_attver SET (n_distinct=5);\n",
            "ALTER TABLE ONLY public.pg_attver ALTER COLUMN pg_attver SET (n_distinct=5);\n",
        ),
        (
            "CREATE TABLE public.t (\n    pg_attver integer\n);\n",
            "CREATE TABLE public.t (\n    pg_attver integer\n);\n",
        ),
    ],
)
def test_what_a_server_keeps_in_a_columns_options_for_itself_is_left_out(
    statement: str, kept: str
) -> None:
    title = "-- Name: t; Type: TABLE; Schema: public\n"
    assert dump.normalise(header("t") + statement) == title + kept
