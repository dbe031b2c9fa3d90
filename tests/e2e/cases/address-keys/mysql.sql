CREATE DATABASE bug;
CREATE TABLE bug.t (u UUID, a INET6, b INET4, n INT, PRIMARY KEY (u, a, b));
INSERT INTO bug.t VALUES ('00000000-0000-0000-0000-000000000000', '::', '0.0.0.0', 1),
  ('00112233-4455-1677-8899-aabbccddeeff', '::1', '0.0.0.0', 2), ('00112233-4455-1677-8899-aabbccddeeff', '::1', '0.0.0.1', 3),
  ('00112233-4455-1677-8899-aabbccddeeff', '2001:db8::', '10.0.0.0', 4), ('ffffffff-ffff-ffff-ffff-ffffffffff00', '::ffff:1.2.3.0', '255.255.255.0', 5);
