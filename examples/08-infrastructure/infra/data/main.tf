# Stands for a database and its parameters: `terraform_data` needs no provider and no cloud.
variable "max_connections" {
  type    = number
  default = 100
}

variable "password" {
  type      = string
  default   = "change me"
  sensitive = true
}

resource "terraform_data" "database" {
  input = var.password
}

resource "terraform_data" "parameters" {
  input = { max_connections = var.max_connections }
}

output "max_connections" {
  value = terraform_data.parameters.output.max_connections
}

output "password" {
  value     = var.password
  sensitive = true
}
