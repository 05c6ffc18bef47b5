COMMENT ON TABLE keys IS 'Keys to cells and chambers';
