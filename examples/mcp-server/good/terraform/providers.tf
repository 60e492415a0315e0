provider "aws" {
  region = var.region

  default_tags {
    tags = {
      service     = "mcp"
      environment = var.environment
      owner       = "platform"
    }
  }
}
