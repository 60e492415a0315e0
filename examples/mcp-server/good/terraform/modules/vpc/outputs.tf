output "vpc_id" {
  description = "The network."
  value       = aws_vpc.main.id
}

output "public_subnet_ids" {
  description = "Where the load balancer stands."
  value       = aws_subnet.public[*].id
}

output "private_subnet_ids" {
  description = "Where nodes stand."
  value       = aws_subnet.private[*].id
}

output "private_cidrs" {
  description = "Addresses of the nodes."
  value       = aws_subnet.private[*].cidr_block
}

output "data_subnet_ids" {
  description = "Where stores stand."
  value       = aws_subnet.data[*].id
}
