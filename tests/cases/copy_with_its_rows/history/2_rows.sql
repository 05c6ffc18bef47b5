--
-- Data for Name: kinds; Type: TABLE DATA; Schema: public
--

COPY public.kinds (id, name, note) FROM stdin;
1	it's; a 'quote' $$	\N
2	back\\slash -- no comment	line\none
3	/* open	:name
\.


COPY public.things (id, kind, label) FROM stdin WITH (FORMAT csv, HEADER); -- two
id,kind,label
10,1,"a;
b"
11,3,
\.

copy public.things (kind, label)
  from stdin;
\.

SELECT pg_catalog.setval('public.things_id_seq', 11, true);
