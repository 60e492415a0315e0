# What every workload of ours keeps: memory has an end, and nobody is root.
package main

import rego.v1

deny contains message if {
	some container in input.spec.template.spec.containers
	not container.resources.limits.memory
	message := sprintf("container %s has no memory limit", [container.name])
}

deny contains message if {
	not input.spec.template.spec.securityContext.runAsNonRoot
	message := "its pods may run as root"
}

warn contains message if {
	input.spec.replicas < 2
	message := "a single replica is gone with its node"
}
