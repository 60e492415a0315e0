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
  description = "Where stores stand, in three zones."
  type        = list(string)
}

variable "client_cidrs" {
  description = "Addresses of the nodes."
  type        = list(string)
}

variable "instance_class" {
  description = "Size of the database."
  type        = string

  validation {
    condition     = startswith(var.instance_class, "db.")
    error_message = "A class like db.r6g.large."
  }
}
