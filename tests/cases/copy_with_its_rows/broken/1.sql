CREATE TABLE t (a text);
COPY t FROM stdin; SELECT 1;
1
\.
