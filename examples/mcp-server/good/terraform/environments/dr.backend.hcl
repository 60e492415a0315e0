key = "mcp/dr/terraform.tfstate"
