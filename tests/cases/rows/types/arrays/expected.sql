INSERT INTO arrays.held (number, numbers, words, grid, colors, points, docs) VALUES
    (1, '{}', E'{NULL,"NULL","","a b","c,d","e\\"f"}', '{{1,2.50},{3,4}}', '{red,"deep blue"}', E'{"(1,2,\\"a,b\\")",NULL}', E'{"{\\"k\\": 1}"}'),
    (2, '[2:3]={7,8}', '{}', NULL, '{}', E'{"(1,,\\"\\")"}', '{}'),
    (3, '{1,NULL}', E'{"\\\\",more}', '{{{1}}}', NULL, NULL, NULL);
