CREATE FUNCTION view_of_its_own_row_type.dear_items(above integer) RETURNS SETOF view_of_its_own_row_type.dear
    LANGUAGE sql STABLE AS 'SELECT id, price FROM view_of_its_own_row_type.item WHERE price > above';
CREATE OR REPLACE VIEW view_of_its_own_row_type.dear AS SELECT id, price FROM view_of_its_own_row_type.dear_items(100);
