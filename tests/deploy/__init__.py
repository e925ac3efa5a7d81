"""Production by hand: the parts of docker-compose.yml on loopback, without Docker."""
