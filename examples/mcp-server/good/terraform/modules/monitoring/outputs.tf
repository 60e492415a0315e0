output "log_bucket" {
  description = "Where logs are kept."
  value       = aws_s3_bucket.logs.bucket
}
