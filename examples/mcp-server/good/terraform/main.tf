module "vpc" {
  source      = "./modules/vpc"
  environment = var.environment
  cidr        = var.vpc_cidr
  zones       = var.zones
}

module "eks" {
  source       = "./modules/eks"
  environment  = var.environment
  subnet_ids   = module.vpc.private_subnet_ids
  api_sources  = var.api_sources
  node_minimum = var.node_minimum
  node_maximum = var.node_maximum
}

module "database" {
  source         = "./modules/database"
  environment    = var.environment
  vpc_id         = module.vpc.vpc_id
  subnet_ids     = module.vpc.data_subnet_ids
  client_cidrs   = module.vpc.private_cidrs
  instance_class = var.database_class
}

module "load_balancer" {
  source          = "./modules/load-balancer"
  environment     = var.environment
  vpc_id          = module.vpc.vpc_id
  subnet_ids      = module.vpc.public_subnet_ids
  certificate_arn = var.certificate_arn
  log_bucket      = module.monitoring.log_bucket
}

module "monitoring" {
  source      = "./modules/monitoring"
  environment = var.environment
  database_id = module.database.id
}
