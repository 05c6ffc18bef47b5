-- +goose Upp
SELECT 1;
