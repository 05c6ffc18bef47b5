CREATE VIEW all_files AS SELECT * FROM app.files;
