variable "environment" {
  description = "Part of all names."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "production", "dr"], var.environment)
    error_message = "One of dev, staging, production, dr."
  }
}

variable "database_id" {
  description = "Which database is watched."
  type        = string
}
