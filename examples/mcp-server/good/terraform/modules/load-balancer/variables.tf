variable "environment" {
  description = "Part of all names."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "production", "dr"], var.environment)
    error_message = "One of dev, staging, production, dr."
  }
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnet_ids" {
  description = "Public subnets, in three zones."
  type        = list(string)
}

variable "certificate_arn" {
  description = "The certificate."
  type        = string
}

variable "log_bucket" {
  description = "Where it is written who has asked."
  type        = string
}
