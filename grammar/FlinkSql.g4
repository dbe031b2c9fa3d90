grammar FlinkSql;
script: EOF;
