INSERT INTO rows_that_each_follow_from_the_other.courts (domain) VALUES
    ('court.example');

INSERT INTO rows_that_each_follow_from_the_other.domains (name, main, court) VALUES
    ('court.example', 'court.example', NULL),
    ('www.court.example', 'court.example', (SELECT id FROM rows_that_each_follow_from_the_other.courts WHERE domain = 'court.example'));

INSERT INTO rows_that_each_follow_from_the_other.about_courts (id, domains) VALUES
    ((SELECT id FROM rows_that_each_follow_from_the_other.courts WHERE domain = 'court.example'), 2);
