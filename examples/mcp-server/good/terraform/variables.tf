variable "environment" {
  description = "Which of the four environments this is."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "production", "dr"], var.environment)
    error_message = "One of dev, staging, production, dr."
  }
}

variable "region" {
  description = "The region of this environment; dr has one of its own."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}-[a-z]+-[0-9]$", var.region))
    error_message = "A region like eu-west-1."
  }
}

variable "vpc_cidr" {
  description = "Addresses of the whole network."
  type        = string

  validation {
    condition     = can(cidrnetmask(var.vpc_cidr))
    error_message = "A range like 10.0.0.0/16."
  }
}

variable "zones" {
  description = "Availability zones, three of them where users are served."
  type        = list(string)

  validation {
    condition     = length(var.zones) >= 2
    error_message = "Two zones at least."
  }
}

variable "api_sources" {
  description = "Who may reach the API of the cluster."
  type        = list(string)

  validation {
    condition     = !contains(var.api_sources, "0.0.0.0/0")
    error_message = "Not the world."
  }
}

variable "node_minimum" {
  description = "Nodes that are always there."
  type        = number

  validation {
    condition     = var.node_minimum >= 2
    error_message = "Two nodes at least."
  }
}

variable "node_maximum" {
  description = "Nodes at most."
  type        = number

  validation {
    condition     = var.node_maximum <= 30
    error_message = "Thirty nodes at most."
  }
}

variable "database_class" {
  description = "Size of the database."
  type        = string

  validation {
    condition     = startswith(var.database_class, "db.")
    error_message = "A class like db.r6g.large."
  }
}

variable "certificate_arn" {
  description = "The certificate of the load balancer."
  type        = string

  validation {
    condition     = startswith(var.certificate_arn, "arn:aws:acm:")
    error_message = "An ARN of ACM."
  }
}
