CREATE SCHEMA like_another;
CREATE TABLE like_another.p (a int);
CREATE TABLE like_another.t (LIKE like_another.p, b int);
