terraform {
  backend "s3" {
    bucket = "mcp-terraform-state"
    key    = "terraform.tfstate"
    region = "eu-west-1"
  }
}
