max_connections = 200
