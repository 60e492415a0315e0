key = "mcp/dev/terraform.tfstate"
