resource "aws_kms_key" "data" {
  description         = "What the stores keep"
  enable_key_rotation = true

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_security_group" "data" {
  name        = "mcp-${var.environment}-data"
  description = "Stores, from the nodes only"
  vpc_id      = var.vpc_id

  ingress {
    description = "PostgreSQL from the nodes"
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = var.client_cidrs
  }

  ingress {
    description = "Redis from the nodes"
    from_port   = 6379
    to_port     = 6379
    protocol    = "tcp"
    cidr_blocks = var.client_cidrs
  }
}

resource "aws_db_subnet_group" "main" {
  name       = "mcp-${var.environment}"
  subnet_ids = var.subnet_ids
}

resource "aws_db_instance" "main" {
  identifier                          = "mcp-${var.environment}"
  engine                              = "postgres"
  engine_version                      = "16.6"
  instance_class                      = var.instance_class
  allocated_storage                   = 100
  max_allocated_storage               = 500
  storage_encrypted                   = true
  kms_key_id                          = aws_kms_key.data.arn
  db_subnet_group_name                = aws_db_subnet_group.main.name
  vpc_security_group_ids              = [aws_security_group.data.id]
  username                            = "mcp"
  manage_master_user_password         = true
  multi_az                            = true
  publicly_accessible                 = false
  backup_retention_period             = 35
  backup_window                       = "02:00-03:00"
  copy_tags_to_snapshot               = true
  deletion_protection                 = true
  skip_final_snapshot                 = false
  final_snapshot_identifier           = "mcp-${var.environment}-last"
  iam_database_authentication_enabled = true
  auto_minor_version_upgrade          = true
  performance_insights_enabled        = true
  performance_insights_kms_key_id     = aws_kms_key.data.arn
  monitoring_interval                 = 30
  monitoring_role_arn                 = aws_iam_role.monitoring.arn
  enabled_cloudwatch_logs_exports     = ["postgresql", "upgrade"]
  tags                                = { owner = "platform", environment = var.environment }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_db_instance" "replica" {
  identifier                          = "mcp-${var.environment}-replica"
  replicate_source_db                 = aws_db_instance.main.identifier
  instance_class                      = var.instance_class
  storage_encrypted                   = true
  multi_az                            = true
  publicly_accessible                 = false
  backup_retention_period             = 7
  copy_tags_to_snapshot               = true
  deletion_protection                 = true
  skip_final_snapshot                 = false
  final_snapshot_identifier           = "mcp-${var.environment}-replica-last"
  iam_database_authentication_enabled = true
  auto_minor_version_upgrade          = true
  performance_insights_enabled        = true
  monitoring_interval                 = 30
  monitoring_role_arn                 = aws_iam_role.monitoring.arn
  enabled_cloudwatch_logs_exports     = ["postgresql", "upgrade"]
  tags                                = { owner = "platform", environment = var.environment }

  lifecycle {
    prevent_destroy = true
  }
}

# Automated backups go to the region of dr, with their logs: five minutes are the most that is lost.
resource "aws_db_instance_automated_backups_replication" "main" {
  source_db_instance_arn = aws_db_instance.main.arn
  retention_period       = 35
}

resource "aws_db_instance_automated_backups_replication" "replica" {
  source_db_instance_arn = aws_db_instance.replica.arn
  retention_period       = 7
}

resource "aws_iam_role" "monitoring" {
  name = "mcp-${var.environment}-database-monitoring"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "monitoring.rds.amazonaws.com" } }]
  })
}

resource "aws_elasticache_replication_group" "main" {
  replication_group_id       = "mcp-${var.environment}"
  description                = "Sessions and caches"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.r6g.large"
  num_cache_clusters         = 3
  automatic_failover_enabled = true
  multi_az_enabled           = true
  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.data.arn
  transit_encryption_enabled = true
  snapshot_retention_limit   = 7
  security_group_ids         = [aws_security_group.data.id]
  tags                       = { owner = "platform", environment = var.environment }

  lifecycle {
    prevent_destroy = true
  }
}
