-- Needs no server: a million made-up rows through a filter and some expressions into nowhere, and
-- ten of them on the screen.

CREATE TABLE orders (
    id BIGINT,
    amount DECIMAL(10, 2),
    customer STRING
) WITH (
    'connector' = 'datagen',
    'number-of-rows' = '1000000',
    'fields.id.kind' = 'sequence',
    'fields.id.start' = '1',
    'fields.id.end' = '1000000'
);

CREATE TABLE nowhere (id BIGINT, label STRING) WITH ('connector' = 'blackhole');

SELECT id, amount, CASE WHEN amount IS NULL THEN 'none' ELSE 'some' END AS kind FROM orders LIMIT 10;

INSERT INTO nowhere
SELECT id * 2, CONCAT('order ', CAST(id AS STRING)) FROM orders WHERE id > 500000;
