output "dns_name" {
  description = "Where the world finds it."
  value       = aws_lb.main.dns_name
}
