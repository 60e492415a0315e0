key = "mcp/production/terraform.tfstate"
