variable "environment" {
  description = "Part of all names."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "production", "dr"], var.environment)
    error_message = "One of dev, staging, production, dr."
  }
}

variable "cidr" {
  description = "Addresses of the whole network."
  type        = string

  validation {
    condition     = can(cidrnetmask(var.cidr))
    error_message = "A range like 10.0.0.0/16."
  }
}

variable "zones" {
  description = "Availability zones."
  type        = list(string)
}
