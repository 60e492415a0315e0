resource "aws_kms_key" "logs" {
  description         = "Logs and topics"
  enable_key_rotation = true

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_sns_topic" "pages" {
  name              = "mcp-${var.environment}-pages"
  kms_master_key_id = aws_kms_key.logs.id
}

resource "aws_s3_bucket" "logs" {
  bucket = "mcp-${var.environment}-logs"
  tags   = { owner = "platform", environment = var.environment }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.logs.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    id     = "a-year"
    status = "Enabled"
    filter {}
    expiration {
      days = 365
    }
    noncurrent_version_expiration {
      noncurrent_days = 30
    }
  }
}

resource "aws_iam_role" "replication" {
  name = "mcp-${var.environment}-replication"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "s3.amazonaws.com" } }]
  })
}

resource "aws_s3_bucket_replication_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  role   = aws_iam_role.replication.arn
  rule {
    id     = "other-region"
    status = "Enabled"
    destination {
      bucket = "arn:aws:s3:::mcp-${var.environment}-logs-copy"
    }
  }
  depends_on = [aws_s3_bucket_versioning.logs]
}

resource "aws_cloudwatch_metric_alarm" "database_storage" {
  alarm_name          = "mcp-${var.environment}-database-storage"
  alarm_description   = "The database has less than ten gigabytes left"
  namespace           = "AWS/RDS"
  metric_name         = "FreeStorageSpace"
  dimensions          = { DBInstanceIdentifier = var.database_id }
  statistic           = "Minimum"
  comparison_operator = "LessThanThreshold"
  threshold           = 10000000000
  period              = 300
  evaluation_periods  = 2
  alarm_actions       = [aws_sns_topic.pages.arn]
  ok_actions          = [aws_sns_topic.pages.arn]
}
