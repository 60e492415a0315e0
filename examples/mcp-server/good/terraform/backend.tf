# The key of an environment comes with `-backend-config=environments/NAME.backend.hcl`.
terraform {
  backend "s3" {
    bucket         = "mcp-terraform-state"
    region         = "eu-west-1"
    encrypt        = true
    dynamodb_table = "mcp-terraform-locks"
  }
}
