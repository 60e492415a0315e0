output "id" {
  description = "The database."
  value       = aws_db_instance.main.identifier
}

output "endpoint" {
  description = "Where the service finds it."
  value       = aws_db_instance.main.endpoint
}
