INSERT INTO select_into.retired (id, name) VALUES
    (1, 'Ada');

INSERT INTO select_into.staff (id, name) VALUES
    (2, 'Grace');
