variable "environment" {
  description = "Part of all names."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "production", "dr"], var.environment)
    error_message = "One of dev, staging, production, dr."
  }
}

variable "subnet_ids" {
  description = "Where nodes stand, in three zones."
  type        = list(string)
}

variable "api_sources" {
  description = "Who may reach the API."
  type        = list(string)
}

variable "node_minimum" {
  description = "Nodes that are always there."
  type        = number
}

variable "node_maximum" {
  description = "Nodes at most."
  type        = number
}
