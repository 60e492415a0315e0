resource "aws_kms_key" "secrets" {
  description         = "Secrets and logs of the cluster"
  enable_key_rotation = true

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_iam_role" "cluster" {
  name = "mcp-${var.environment}-cluster"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "eks.amazonaws.com" } }]
  })
}

resource "aws_iam_role" "node" {
  name = "mcp-${var.environment}-node"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_cloudwatch_log_group" "cluster" {
  name              = "/aws/eks/mcp-${var.environment}/cluster"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.secrets.arn
}

resource "aws_eks_cluster" "main" {
  name                      = "mcp-${var.environment}"
  version                   = "1.35"
  role_arn                  = aws_iam_role.cluster.arn
  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  tags                      = { owner = "platform", environment = var.environment }

  vpc_config {
    subnet_ids              = var.subnet_ids
    endpoint_private_access = true
    endpoint_public_access  = true
    public_access_cidrs     = var.api_sources
  }

  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = aws_kms_key.secrets.arn
    }
  }

  depends_on = [aws_cloudwatch_log_group.cluster]
}

resource "aws_eks_node_group" "main" {
  cluster_name    = aws_eks_cluster.main.name
  node_group_name = "serving"
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = var.subnet_ids
  instance_types  = ["m6i.large"]

  scaling_config {
    min_size     = var.node_minimum
    desired_size = var.node_minimum
    max_size     = var.node_maximum
  }

  lifecycle {
    ignore_changes = [scaling_config[0].desired_size]
  }
}
