ALTER TABLE ONLY dumped.t ALTER COLUMN id SET DEFAULT nextval('dumped.t_id_seq'::regclass);
ALTER TABLE ONLY dumped.t ALTER COLUMN small SET DEFAULT nextval('dumped.t_small_seq'::regclass);
ALTER TABLE ONLY dumped.t ALTER COLUMN spaced SET DEFAULT nextval('dumped.t_spaced_seq'::regclass);
ALTER TABLE ONLY dumped.t ALTER COLUMN free SET DEFAULT nextval('dumped.t_free_seq'::regclass);
ALTER TABLE ONLY dumped.t
    ADD CONSTRAINT t_pkey PRIMARY KEY (id);
