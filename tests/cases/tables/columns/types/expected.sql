CREATE TABLE types_of.t (
    a bigint, -- grows
    -- Sorted as people do.
    b text COLLATE "POSIX" NOT NULL,
    c numeric(8, 2),
    d varchar(40) DEFAULT 'x',
    e bigint[]
);
