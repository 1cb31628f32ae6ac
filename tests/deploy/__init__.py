"""What deploy/ holds: units of systemd and manifests of Kubernetes."""
