key = "mcp/staging/terraform.tfstate"
