output "cluster_name" {
  description = "What `aws eks update-kubeconfig` wants to know."
  value       = module.eks.name
}

output "database_endpoint" {
  description = "Where the service finds its database."
  value       = module.database.endpoint
}

output "load_balancer_name" {
  description = "Where the world finds the service."
  value       = module.load_balancer.dns_name
}
