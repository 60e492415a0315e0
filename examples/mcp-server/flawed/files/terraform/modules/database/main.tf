resource "aws_security_group" "data" {
  name   = "mcp-${var.environment}-data"
  vpc_id = var.vpc_id

  ingress {
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_db_instance" "main" {
  identifier              = "mcp-${var.environment}"
  engine                  = "postgres"
  engine_version          = "16.6"
  instance_class          = var.instance_class
  allocated_storage       = 100
  username                = "mcp"
  password                = "correct-horse-battery"
  publicly_accessible     = true
  backup_retention_period = 0
  skip_final_snapshot     = true
  vpc_security_group_ids  = [aws_security_group.data.id]
}

resource "aws_elasticache_replication_group" "main" {
  replication_group_id = "mcp-${var.environment}"
  description          = "Sessions and caches"
  node_type            = "cache.r6g.large"
  num_cache_clusters   = 1
}
